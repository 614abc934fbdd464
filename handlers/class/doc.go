// Package class answers for live classes: a teacher's page and projector, the pages of students, and the streams that tell them
// all what is on stage. What a class is, and what may be done in it, package classroom says; here it is asked, shown and guarded.
//
// An address with a code comes in by classAt (class.go), which keeps out who tries codes; do.go holds what teachers do and
// students hand in, hands.go whose hand is up and who tries something of their own, page.go and view.go what each may see, wall.go the key that shows the wall alone, truth.go and reveal.go what is told after a reveal, hints.go reads
// answers in the background, limits.go and turnstile.go bound what one visitor can take from the others.
package class
