/** The core alone, as the tests load it. */

export * from "./compare";
export * from "./hash";
export * from "./sampler";
export * from "./seal";
export * from "./state";
export * from "./judge";
