// Stands in for the vendored file, which is not ours to check.
declare const katex: any;
export default katex;
