// Package plans is what teachers prepare and keep: plans of stops that outlive the classes held from them.
//
// A Shelf is all plans of one teacher. It belongs to whoever holds its key, as a class belongs to the holder of its own; the shelf keeps
// the key's hash. A Plan is one value with a revision: every edit makes the next one, in a pure function, and what was there before is
// kept as a Version. A stop has the revision at which it was last written, so that two tabs which write in two stops are in nobody's way,
// and of two that write in the same the second is told. A plan can be shared by a link to look at it, or one to take a copy. It leaves and
// comes back as Markdown, in the format of lessons.
//
// The package knows no HTTP, no SQL and no labs.
package plans
