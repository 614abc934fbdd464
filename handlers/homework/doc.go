// Package homework has the pages of homework: students work through it and see what came of it, and whoever holds the key of its shelf
// sets, marks and releases it. What homework is stands in gradlab/homework.
//
// Whoever has to know results, such as a gradebook, is a Released: it is told of every member when marks are released, and of a member
// again when a mark is changed later. It hears of a result before the teacher is told that all went well, and may hear of one twice: what counts
// is the last. Pages.Results computes the same anew, for whoever was away.
package homework
