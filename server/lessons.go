package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"gradlab/handlers/labs"
	"gradlab/lessons"
)

// lookAgain is how often a folder of lessons is looked at for changes.
const lookAgain = time.Second

// openLessons reads the lessons, with those of a folder where one is given, and keeps them in step with it until ctx
// ends. What is broken in the folder is logged with its file and line; the rest works.
func openLessons(ctx context.Context, dir string, log *slog.Logger) (*lessons.Library, error) {
	if dir == "" {
		library, err := lessons.Embedded(labs.All().Lessons())
		if err != nil {
			return nil, fmt.Errorf("read the lessons: %w", err)
		}
		return library, nil
	}
	library, err := lessons.LoadWith(labs.All().Lessons(), dir)
	if library == nil {
		return nil, err
	}
	report := func(err error) {
		var faults lessons.LoadError
		switch {
		case errors.As(err, &faults):
			for _, fault := range faults {
				log.Warn("a lesson is broken and left out", "folder", dir, "file", fault.File, "line", fault.Line, "reason", fault.Reason)
			}
		case err != nil:
			log.Warn("the folder of lessons cannot be read", "folder", dir, "err", err)
		default:
			log.Info("lessons are read", "folder", dir)
		}
	}
	report(err)
	go library.Follow(ctx, dir, lookAgain, report)
	return library, nil
}

// check is the command "gradlab check DIR": it says everything that is wrong in a folder of lessons. With --answers it says
// what the rules of a question, or of the misconceptions, make of labelled answers instead, ours where no folder is given; with
// --try as well, what another rule would change.
func check(ctx context.Context, args []string, out, errOut io.Writer) error {
	flags := flag.NewFlagSet("gradlab check", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.Usage = func() {
		fmt.Fprintln(errOut, "Usage: gradlab check [--quick] DIR\n       gradlab check --answers SLUG.yaml [--try CONCEPT=RULE] [DIR]\n\nChecks a folder of lessons: files, links, formulas, lab queries, ids, model answers, predictions and claims.")
		flags.PrintDefaults()
	}
	quick := flags.Bool("quick", false, "leave out the claims and predictions that need training")
	answers := flags.String("answers", "", "score the rules for hints of the question SLUG on the labelled answers in this `file`, SLUG.yaml; or those for misconceptions, misconceptions.yaml")
	try := flags.String("try", "", "with --answers: say what would change with this `rule`, CONCEPT=RULE or misconceptions.CONCEPT=RULE, or with the rules of this file")
	if err := flags.Parse(args); err != nil {
		return usage(err)
	}
	if flags.NArg() > 1 || *answers == "" && (flags.NArg() == 0 || *try != "") {
		flags.Usage()
		return errUsage
	}
	load := lessons.Embedded
	if flags.NArg() == 1 {
		load = func(e lessons.Experiments) (*lessons.Library, error) { return lessons.LoadWith(e, flags.Arg(0)) }
	}
	library, err := load(labs.All().Lessons())
	if library == nil {
		return err
	}
	if *answers != "" {
		if err != nil {
			fmt.Fprintln(errOut, err)
		}
		judged, err := readJudged(library, *answers)
		switch {
		case err != nil:
			return err
		case *try != "":
			return judged.try(*try, out)
		}
		judged.check(out)
		return nil
	}
	count := 0
	tell := func(fault string) {
		count++
		fmt.Fprintln(out, fault)
	}
	var faults lessons.LoadError
	if errors.As(err, &faults) {
		for _, fault := range faults {
			tell(fault.Error())
		}
	}
	most := math.Inf(1)
	if *quick {
		most = 0
	}
	library.Check(ctx, lessons.Train, most, tell)
	if err := ctx.Err(); err != nil {
		return err
	}
	if count > 0 {
		return fmt.Errorf("%d faults", count)
	}
	fmt.Fprintf(out, "%d lessons, %d questions, %d terms: no fault\n", len(library.Lessons()), len(library.Questions()), len(library.Terms()))
	return nil
}
