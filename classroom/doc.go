// Package classroom is a live class: a teacher's plan of stops, the one of them that is shown, and what students predict
// and answer at it.
//
// A Class is opened with a code, by which students join, and a key, which makes whoever holds it the teacher. Its Plan is a
// list of Stops: a lab to look at, a prediction to make, a question to answer, an exploration to submit runs to. Its state is one value with a version: every
// Action of the teacher makes the next version of it, in a pure function (Class.Do). What everybody in the class may see of
// it is another pure function (Class.Public): a truth, and the lab that shows it, are not in there before their time.
//
// The main flow: Open → Do … → Public, while guesses and answers come in; the Hub reads a class once for everybody in the
// process who watches it, and is told by a Bus when to read it again. Events hold ids alone, never content.
//
// The package knows no HTTP, no SQL and no labs: paths of labs, truths and concepts come from its caller.
package classroom
