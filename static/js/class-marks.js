// Marking.
