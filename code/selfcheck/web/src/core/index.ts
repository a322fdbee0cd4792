/** The core alone, as the tests load it. */

export * from "./compare";
export * from "./hash";
export * from "./judge";
export * from "./migrate";
export * from "./sampler";
export * from "./seal";
export * from "./stamps";
export * from "./state";
