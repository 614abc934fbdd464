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

// config is what the settings come to.
type config struct {
	addr        string
	db          string
	verbose     bool
	jsonLogs    bool
	version     bool
	healthcheck bool
	backup      string
	restore     string
	lessons     string
	runsMemory  int64 // bytes; 0 for a share of what there is

	teacherPassword string
	publicURL       string
	metricsToken    string
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
	var memory string
	if err := read(settings(&c, &memory), args, getenv, errOut); err != nil {
		return c, err
	}
	if memory != "" {
		var err error
		if c.runsMemory, err = parseBytes(memory); err != nil {
			return c, fmt.Errorf("--runs-memory: %w", err)
		}
	}
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

// released is the version that make release and the image build; "" of another build.
var released string

// version is what the build knows of itself.
func version() string {
	if released != "" {
		return released
	}
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
