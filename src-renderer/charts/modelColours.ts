/** A colour and a dash for each model, so that lines are told apart without colour too. */
export const modelLook: Readonly<Record<string, { readonly colour: string; readonly dash: string }>> = {
  logistic: { colour: 'var(--accent)', dash: '' },
  mlp: { colour: 'var(--warn)', dash: '7 3' },
  forest: { colour: 'var(--good)', dash: '2 3' },
  boosting: { colour: 'var(--bad)', dash: '9 3 2 3' },
  cart: { colour: 'var(--text-soft)', dash: '4 4' },
};

export const lookOf = (id: string): { readonly colour: string; readonly dash: string } =>
  id in modelLook ? modelLook[id] : { colour: 'var(--line-strong)', dash: '1 4' };
