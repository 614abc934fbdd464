// Package e2e holds the tests that drive the whole product in Chromium: the real router, a real database file, a real
// browser. It has no code of its own beside them.
//
// Two browsers serve the whole test binary, so that two tests run side by side; each opens a [page] in a profile of its own, with
// its own cookies.
// Whatever the page complains of (an uncaught exception, a console error, a violation of the Content-Security-Policy, a
// failed request) or asks in a dialog fails the test when it ends, unless the test said beforehand that it expects it.
//
// What a page does arrives later than what caused it, so a test never looks once: it waits, by [page.until] and its like,
// for all that it wants to see. Looking once is for what was there before, and for what must not come.
//
// The suite has no time limit as a whole: each wait and each page has one of its own, so that a slow machine passes and a
// page that hangs does not.
//
// Files: browser_test.go starts Chromium, page_test.go and click_test.go are what tests call, problems_test.go listens to
// the page, axe_test.go checks accessibility, shots_test.go takes the screenshots of `make screenshots`, latency_test.go
// measures from slider to finished chart. harness_test.go makes sure that all of these can fail. program_test.go runs the program in a process that
// can be killed, text_test.go and text_people_test.go try random sequences on it to see that no text is lost, kills_test.go and killed_lecture_test.go give lectures over HTTP, without
// a browser, while it is killed. walk_test.go goes through
// the whole course; the others are named after what they drive.
//
// Environment: CHROMIUM names the browser to run; CI=true makes a missing browser a failure instead of a skip;
// GRADLAB_SHOTS names the folder for screenshots; GRADLAB_TEXT_SEED, _RUNS and _STEPS say which sequences text_test.go tries;
// GRADLAB_KILLS how often kills_test.go kills.
package e2e
