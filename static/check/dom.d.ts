// The document is not typed: what a selector finds, and where an event comes from, is up to the templates. What the scripts read
// from the server is typed, in json.d.ts.

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface EventTarget {
  closest(selectors: string): any;
  matches(selectors: string): boolean;
  dataset: any;
  name: any;
  value: any;
}

interface Element {
  closest(selectors: string): any;
  dataset: any;
  value: any;
  selectionStart: any;
}

interface Document {
  getElementById(id: string): any;
}
