declare module 'ml-cart' {
  interface CartNode {
    left?: CartNode;
    right?: CartNode;
    splitColumn?: number;
    splitValue?: number;
  }
  export class DecisionTreeClassifier {
    constructor(options: {
      gainFunction?: 'gini';
      splitFunction?: 'mean';
      minNumSamples?: number;
      maxDepth?: number;
      gainThreshold?: number;
    });
    root: CartNode;
    train(rows: number[][], labels: number[]): void;
  }
}
