// Gradient Lab is a web app that shows why deep networks are hard to train and what skip connections change.
//
//	go run ./server
//
// This package reads flags and the environment, wires the parts together, listens, and stops cleanly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"gradlab/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		if !errors.Is(err, errUsage) {
			fmt.Fprintln(os.Stderr, "gradlab:", err)
		}
		os.Exit(1)
	}
}

// run is main with its surroundings passed in. It returns when ctx ends and everything has stopped, or on an error, which is
// flag.ErrHelp where help was asked for and given.
func run(ctx context.Context, args []string, getenv func(string) string, out, errOut io.Writer) error {
	if len(args) > 0 && args[0] == "check" {
		return check(ctx, args[1:], out, errOut)
	}
	c, err := readConfig(args, getenv, errOut)
	if err != nil {
		return err
	}
	switch {
	case c.version:
		fmt.Fprintln(out, "gradlab", version())
		return nil
	case c.healthcheck:
		return healthcheck(ctx, c.addr)
	case c.backup != "":
		return store.Backup(ctx, c.db, c.backup)
	case c.restore != "":
		return store.Restore(ctx, c.db, c.restore)
	}
	level := slog.LevelInfo
	if c.verbose {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level}
	var logs slog.Handler = slog.NewTextHandler(errOut, options)
	if c.jsonLogs {
		logs = slog.NewJSONHandler(errOut, options)
	}
	log := slog.New(logs)
	return serve(ctx, c, log, out)
}
