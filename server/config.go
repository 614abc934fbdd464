package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"gradlab/store"
)

// config is what flags and the environment say. A flag wins over its variable.
type config struct {
	addr        string
	db          string
	verbose     bool
	version     bool
	healthcheck bool
	backup      string
	restore     string
	lessons     string
	runsMemory  int64 // bytes; 0 for a share of what there is

	teacherPassword string
	publicURL       string
}

// usage is what an error of the flags comes to: who asks for help has got it, which is no error of theirs.
func usage(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return flag.ErrHelp
	}
	return errUsage
}

// errUsage says that the flags were wrong, and that this has been said already.
var errUsage = errors.New("usage")

func readConfig(args []string, getenv func(string) string, errOut io.Writer) (config, error) {
	var c config
	or := func(name, fallback string) string {
		if v := getenv(name); v != "" {
			return v
		}
		return fallback
	}
	flags := flag.NewFlagSet("gradlab", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&c.addr, "addr", or("GRADLAB_ADDR", "127.0.0.1:8080"), "address to listen on; 0.0.0.0:8080 lets others on the network in (GRADLAB_ADDR)")
	flags.StringVar(&c.db, "db", getenv("GRADLAB_DB"), "where answers are kept: an SQLite file, or postgres://user@host/database; default: gradlab.db in your data folder (GRADLAB_DB)")
	flags.BoolVar(&c.verbose, "verbose", false, "log every request")
	flags.BoolVar(&c.version, "version", false, "print the version and exit")
	flags.BoolVar(&c.healthcheck, "healthcheck", false, "ask a running server at --addr whether it is ready, and exit with 0 if so")
	flags.StringVar(&c.backup, "backup", "", "copy the SQLite file of --db to this new file, even while a server uses it, and exit")
	flags.StringVar(&c.restore, "restore", "", "replace the content of --db by that of this backup, and exit")
	flags.StringVar(&c.lessons, "lessons", getenv("GRADLAB_LESSONS"), "folder of lessons and questions of your own, added to ours or in their place, and read anew when a file changes (GRADLAB_LESSONS)")
	memory := flags.String("runs-memory", getenv("GRADLAB_RUNS_MEMORY"), "what training runs may hold together, such as 512MiB; default: 45 % of the memory of the container or machine, or of GOMEMLIMIT (GRADLAB_RUNS_MEMORY)")
	if err := flags.Parse(args); err != nil {
		return c, usage(err)
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(errOut, "gradlab: unexpected argument %q\n", flags.Arg(0))
		return c, errUsage
	}
	if *memory != "" {
		var err error
		if c.runsMemory, err = parseBytes(*memory); err != nil {
			return c, fmt.Errorf("--runs-memory: %w", err)
		}
	}
	// A password has no flag: other users of the machine could read it.
	c.teacherPassword, c.publicURL = getenv("GRADLAB_TEACHER_PASSWORD"), getenv("GRADLAB_URL")
	if c.publicURL != "" && !validURL(c.publicURL) {
		return c, fmt.Errorf("GRADLAB_URL is %q: give the address that students open, like https://lab.example.org", c.publicURL)
	}
	if c.db == "" && !c.version && !c.healthcheck {
		path, err := store.DefaultPath()
		if err != nil {
			return c, fmt.Errorf("find your data folder (name a file with --db): %w", err)
		}
		c.db = path
	}
	return c, nil
}

// validURL says whether an address can stand before a path.
func validURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.RawQuery == "" && u.Fragment == ""
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// healthcheck asks the server at addr whether it is ready: a container without a shell runs its own binary to know.
func healthcheck(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", r.URL, answer.Status)
	}
	return nil
}
