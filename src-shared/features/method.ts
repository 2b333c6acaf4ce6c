/** One number a tool: 1 for the tool that made the defacing, 0 for the others. Keys are `method_` and the tool's id. */
export function methodFlags(tool: string, tools: readonly string[]): Record<string, 0 | 1> {
  return Object.fromEntries(tools.map((id) => [`method_${id}`, id === tool ? 1 : 0]));
}
