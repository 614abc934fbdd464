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
// Decision: SQLite in one file, in WAL mode with synchronous=FULL. Context: a laptop must need no
// database server, a classroom writes a few dozen answers a second, and no acknowledged answer may be
// lost. Consequences: one connection writes, several read at the same time; the SQL keeps to what
// PostgreSQL runs as well ($1 parameters, TEXT and BIGINT columns, ON CONFLICT … DO UPDATE), so that
// a second engine is a matter of Open. Alternative: files of JSON, which would need their own locking
// and recovery.
//
// The package knows no HTTP, no questions and no cookies: whether a question exists is for the caller
// to check.
package store
