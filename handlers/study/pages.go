package study

import (
	"context"
	"log/slog"
	"time"

	"gradlab/answers"
	"gradlab/audit"
	"gradlab/handlers/labs"
	"gradlab/lessons"
	"gradlab/mlcore/experiment"
)

// Answers keeps what visitors write; package store implements it.
type Answers interface {
	Answers(ctx context.Context, owner string) ([]answers.Answer, error)
	SaveDraft(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error)
	Submit(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error)
	DeleteAll(ctx context.Context, owner string, retire bool) (classes []string, err error)
	Rename(ctx context.Context, owner, to string) error
	Kept() []answers.KeptTable
	Everything(ctx context.Context, owner string) (answers.Everything, error)
	Tell(ctx context.Context, act audit.Act, about, detail string)
	Known(ctx context.Context, owner string) (bool, error)
	Attached(ctx context.Context, owner string) (answers.Attached, error)
	AttachRun(ctx context.Context, owner string, key answers.Key, run string) error
	Tick(ctx context.Context, owner, question string, concepts []string) error
	Progress
}

// Progress keeps what visitors predicted and read in the lessons; package store implements it, too.
type Progress interface {
	Progress(ctx context.Context, owner string) (answers.Progress, error)
	Predict(ctx context.Context, owner, lesson string, guesses map[string]string) error
	MarkRead(ctx context.Context, owner, lesson string) error
}

// Config is what the pages of lessons and questions need.
type Config struct {
	Log     *slog.Logger
	Answers Answers
	Library *lessons.Library
	Labs    labs.Labs
	// Train trains a run, or finds it among those that are known.
	Train func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error)
	// Departed is told of each class that a visitor leaves who deletes everything.
	Departed func(class string)
	Clock    func() time.Time // of the limits; nil is the time's own
	// BackupDays is for how many days backups are kept; 0 where nobody has said so.
	BackupDays int
}

// Pages are those of lessons and questions, and what a visitor has written there.
type Pages struct {
	log      *slog.Logger
	answers  Answers
	library  *lessons.Library
	labs     labs.Labs
	train    func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error)
	departed func(class string)
	crowd    *crowdLimits

	backupDays int
}

// New returns the pages of lessons and questions.
func New(c Config) *Pages {
	return &Pages{c.Log, c.Answers, c.Library, c.Labs, c.Train, c.Departed, newCrowdLimits(c.Clock), c.BackupDays}
}
