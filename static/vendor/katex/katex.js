import './katex.min.js'; // registers itself as globalThis.katex
export default globalThis.katex;
