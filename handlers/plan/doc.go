// Package plan has the pages of plans: where a teacher prepares what classes are held from, and keeps it. A Desk is where one stop is
// written, in a plan or in a class that is on; it is shared with package class, which is above this one.
package plan
