// Package homework is a plan that students work through on their own, by a date.
//
// A Homework is a copy of a plan's stops, with points and weights, and the times between which it is open. It goes from draft through
// open, grace, closed and marked to released; a Phase is never kept, but follows from the times, from what is not marked yet, and from
// two acts of its teacher: setting it, and releasing its marks. Whoever runs the site can end it early (Close). A member has the end that everybody has, or a later one of their own.
//
// The main flow: New → Termed → Set; a member commits to guesses and writes answers while Accepts says so; then marks, Score and Release.
// What stands in a box at the end of the grace is what was handed in: nothing that was typed by then is lost. A guess is committed once,
// and its truth is shown to its member at once; model answers and marks come with the release.
//
// Homework belongs to a shelf, as the plan does that it was made of: whoever holds the shelf's key is its teacher. Points are hundredths
// of a point, times are in UTC to the millisecond.
//
// When marks are released, and whenever one is changed later, a Result of every member goes to who has to know, such as a gradebook: see
// Released in package handlers/homework. The package knows no HTTP, no SQL and no labs.
package homework
