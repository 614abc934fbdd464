// Package store keeps what visitors write: their answers, drafts and submitted ones.
//
// An answer belongs to an owner, an opaque key that the caller derives from the visitor's cookie, and
// is named by a Key: a question's slug and, where the question has parts, the part's id. Each answer
// carries a revision that grows by one whenever its text changes. A writer names the revision it
// started from; where that is not the stored one, the write is refused with a ConflictError that holds
// the stored answer, so that of two tabs neither silently overwrites the other.
//
// The main flow: Open → SaveDraft … → Submit → Answers; Close at the end. A method that writes
// returns only after its transaction is committed and synced to disk: what was acknowledged survives
// a crash of the process and of the machine.
//
// Two engines run the same SQL ($1 parameters, TEXT and BIGINT columns, ON CONFLICT … DO UPDATE), the
// same migrations and the same tests. SQLite, in one file in WAL mode with synchronous=FULL, is for a
// laptop, which must need no database server: one connection writes, several read at the same time.
// PostgreSQL is for a university: several replicas of the program share it, and a Bus tells each what
// the others changed. A PostgreSQL that is stopped, frozen or cut off gives ErrUnavailable within
// seconds, and is found again by itself. docs/decisions has the reasons (8 and 10).
//
// The package knows no HTTP, no questions and no cookies: whether a question exists is for the caller
// to check.
package store
