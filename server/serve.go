package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"gradlab/classroom"
	"gradlab/handlers"
	"gradlab/handlers/account"
	"gradlab/mlcore/kernel"
	"gradlab/mlcore/runner"
	"gradlab/store"
)

// stopTime is how long running requests have to finish after a signal.
const stopTime = 5 * time.Second

// serve wires the parts, listens, says where, and serves until ctx ends.
func serve(ctx context.Context, c config, log *slog.Logger, out io.Writer) error {
	if _, err := kernel.Chosen(); err != nil {
		return err
	}
	library, err := openLessons(ctx, c.lessons, log)
	if err != nil {
		return err
	}
	answers, err := store.Open(ctx, c.db, store.WithLog(log), store.Alone(), store.WithRetention(c.kept))
	if err != nil {
		return err
	}
	defer answers.Close()
	var bus classroom.Bus // nil: one process holds the file
	if shared, err := answers.Bus(); err == nil {
		defer shared.Close()
		bus = shared
	} else if !errors.Is(err, store.ErrNoBus) {
		return fmt.Errorf("listen to other replicas: %w", err)
	}
	go answers.PurgeHourly(ctx)
	budget := limitMemory(os.DirFS("/"), c.runsMemory)
	runs := runner.NewPool(runner.Options{Slots: runtime.GOMAXPROCS(0), Budget: budget})
	defer runs.Close()

	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("listen (choose another address with --addr): %w", err)
	}
	stopping, tellStreams := context.WithCancel(context.Background())
	defer tellStreams()
	var provider account.Provider // nil: nobody signs in
	if signs, err := c.signOn(); err != nil {
		return err
	} else if signs != nil {
		provider = signs
	}
	server := &http.Server{
		Handler: handlers.New(handlers.Config{
			Log: log, Answers: answers, Library: library, Runs: runs, Version: version(), Stopping: stopping,
			Classes: answers, Plans: answers, Homework: answers, Operated: answers, Persons: answers, SignOn: provider, OnlyTeachers: c.onlyTeachers, LTI: answers, LTISecret: c.ltiKey, Bus: bus, TeacherPassword: c.teacherPassword, PublicURL: c.publicURL, Listening: listener.Addr(),
			MetricsToken: c.metricsToken, Collectors: watching(answers), BackupDays: c.backupDays, OperatorKey: c.operatorKey,
		}),
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      60 * time.Second, // until the first piece is written: each has a deadline of its own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(out, "Gradient Lab is at http://%s (stop with Ctrl-C)\n", shown(listener.Addr()))
	log.Info("started", "addr", listener.Addr().String(), "db", answers.Location(), "version", version(), "runs_memory_mb", budget>>20)

	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	tellStreams()
	deadline, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		server.Close()
		log.Warn("some requests did not finish in time", "grace", stopTime)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	log.Info("stopped")
	return nil
}

// shown is an address as a person opens it.
func shown(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
}
