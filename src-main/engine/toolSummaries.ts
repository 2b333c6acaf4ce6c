import type { ToolSummary } from '../../src-shared/api/contract.ts';
import type { ToolingSettings } from '../../src-shared/domain/settings.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import type { BuiltInTool } from '../tools/tool.ts';
import type { Programs } from './programs.ts';

/** Every tool as it is here: found or not, where, how it is started, and what mends what is missing. */
export async function toolSummaries(
  tools: readonly (BuiltInTool | ProgramTool)[],
  programs: Programs,
  settings: ToolingSettings,
): Promise<ToolSummary[]> {
  const others = tools.filter((tool) => tool.kind === 'program');
  const found = new Map((await programs.find(others)).map((each) => [each.id, each]));
  return tools.map((tool) => {
    const { id, title, kind, needsBrain, needsT1, defaults } = tool;
    const own = { ...defaults, ...settings.tools?.[id]?.settings };
    const common = { id, title, kind, needsBrain, needsT1, defaults, settings: own };
    if (tool.kind === 'built-in')
      return {
        ...common,
        launcher: null,
        timeoutMinutes: null,
        available: true,
        version: tool.version,
        path: null,
        licence: null,
        missing: [],
        mend: null,
      };
    const {
      found: available = false,
      version = null,
      path = null,
      missing = [],
      mend = null,
      badVersion = null,
    } = found.get(id) ?? {};
    const lacks = missing.map(({ what }) => what);
    if (badVersion !== null) lacks.push(badVersion);
    const { launcher, timeoutMs } = programs.startOf(tool);
    return {
      ...common,
      launcher: launcher.kind,
      timeoutMinutes: timeoutMs / 60_000,
      available,
      version,
      path,
      licence: tool.licence,
      missing: lacks,
      mend,
    };
  });
}
