// Package ltitest is a learning platform for tests: it speaks LTI 1.3 as the specification has it, by its own code and keys, and is
// strict where the specification is. What a tool sends that the specification does not allow is a Fault.
//
// New starts one on a port of this machine. Its course page, /course?as=USER, signs a browser in and frames a link; /choose?as=USER
// asks the tool by Deep Linking what to link. Between them a test reads what arrived: Links, Scores, Posts.
package ltitest
