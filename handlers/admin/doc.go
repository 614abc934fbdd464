// Package admin is the pages of whoever runs the site: what is there, how busy it is, who did what, and how to end a class, a plan or a key.
//
// They are for who gives the operator's key, and for persons who have signed in as operators. Without either there is nothing at these
// addresses. What an operator does goes into the log, as what others do.
package admin
