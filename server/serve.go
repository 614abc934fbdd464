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

	listener, apart, err := c.listen()
	if err != nil {
		return err
	}
	stopping, tellStreams := context.WithCancel(context.Background())
	defer tellStreams()
	provider, err := c.provider()
	if err != nil {
		return err
	}
	site := handlers.Config{
		Log: log, Answers: answers, Library: library, Runs: runs, Version: version(), Stopping: stopping,
		Classes: answers, Plans: answers, Homework: answers, Operated: answers, Persons: answers, SignOn: provider, OnlyTeachers: c.onlyTeachers, LTI: answers, LTISecret: c.ltiKey, Bus: bus, TeacherPassword: c.teacherPassword, PublicURL: c.publicURL, Listening: listener.Addr(),
		MetricsToken: c.metricsToken, Collectors: watching(answers), BackupDays: c.backupDays, OperatorKey: c.operatorKey, Contact: c.contact,
	}
	var servers []served
	if apart == nil {
		servers = []served{{newServer(handlers.New(site), log), listener}}
	} else {
		all, metrics := handlers.NewApart(site)
		servers = []served{{newServer(all, log), listener}, {newServer(metrics, log), apart}}
	}
	return until(ctx, servers, tellStreams, log, func() {
		fmt.Fprintf(out, "Gradient Lab is at http://%s (stop with Ctrl-C)\n", shown(listener.Addr()))
		if apart != nil {
			fmt.Fprintf(out, "Its metrics are at http://%s/metrics\n", shown(apart.Addr()))
		}
		log.Info("started", "addr", listener.Addr().String(), "db", answers.Location(), "version", version(), "runs_memory_mb", budget>>20)
	})
}

// listen listens for the site, and for its metrics where they have an address of their own; else apart is nil.
func (c config) listen() (site, apart net.Listener, err error) {
	if site, err = net.Listen("tcp", c.addr); err != nil {
		return nil, nil, fmt.Errorf("listen (choose another address with --addr): %w", err)
	}
	if c.metricsAddr == "" {
		return site, nil, nil
	}
	if apart, err = net.Listen("tcp", c.metricsAddr); err != nil {
		site.Close()
		return nil, nil, fmt.Errorf("listen for the metrics (choose another address with --metrics-addr): %w", err)
	}
	return site, apart, nil
}

// provider is by whom people sign in, nil where nobody does.
func (c config) provider() (account.Provider, error) {
	if signs, err := c.signOn(); signs != nil || err != nil {
		return signs, err
	}
	return nil, nil
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      60 * time.Second, // until the first piece is written: each has a deadline of its own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// served is a server and where it listens.
type served struct {
	*http.Server
	at net.Listener
}

// until serves until ctx ends or a server fails, and says that it has begun. When it ends, streams are told, and what runs may finish.
func until(ctx context.Context, servers []served, tellStreams func(), log *slog.Logger, begun func()) error {
	ended := make(chan error, len(servers))
	for _, s := range servers {
		go func() { ended <- s.Serve(s.at) }()
	}
	begun()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	tellStreams()
	deadline, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	for _, s := range servers {
		if err := s.Shutdown(deadline); err != nil {
			s.Close()
			log.Warn("some requests did not finish in time", "grace", stopTime)
		}
	}
	for range servers {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
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
