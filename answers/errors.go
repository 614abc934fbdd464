package answers

import (
	"errors"
	"fmt"
)

// Why an answer was not kept.
var (
	// ErrRevision refuses a base revision that no client was ever told.
	ErrRevision = errors.New("invalid revision")
	// ErrRetired says that everything of the owner was deleted meanwhile, or was given another name: nothing is kept under this one.
	ErrRetired = errors.New("the owner’s name is retired")
)

// A ConflictError refuses a write that started from another revision than the stored one. Current is
// the stored answer; nothing was changed.
type ConflictError struct {
	Current Answer
	Base    int64 // the revision the refused write started from
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("answer changed elsewhere: the write started from revision %d, stored is %d", e.Base, e.Current.Revision)
}
