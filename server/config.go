package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"gradlab/lti"
	"gradlab/signon"
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
	metricsAddr     string
	ltiKey          string
	operatorKey     string
	contact         string

	kept                                              store.Retention
	backupDays                                        int    // 0 where nobody has said for how long backups are kept
	issuer, client, clientSecret, providerName, roles string // of the sign-on
	onlyTeachers                                      bool
}

// raw are settings as they were given, before they are read.
type raw struct{ memory, classes, homework, answers, plans, audit, backups string }

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
	var given raw
	if err := read(settings(&c, &given), args, getenv, errOut); err != nil {
		return c, err
	}
	if given.memory != "" {
		var err error
		if c.runsMemory, err = parseBytes(given.memory); err != nil {
			return c, fmt.Errorf("--runs-memory: %w", err)
		}
	}
	if n := len(c.operatorKey); n > 0 && n < leastKey {
		return c, fmt.Errorf("GRADLAB_OPERATOR_KEY has %d characters: give %d or more, such as from openssl rand -base64 24", n, leastKey)
	}
	if a, err := mail.ParseAddress(c.contact); c.contact != "" && (err != nil || a.Address != c.contact || strings.ContainsAny(c.contact, `"\\`)) {
		return c, fmt.Errorf("GRADLAB_CONTACT is %q: give a mail address, like lab@example.edu", c.contact)
	}
	if err := c.readTimes(given); err != nil {
		return c, err
	}
	if c.publicURL != "" && !validURL(c.publicURL) {
		return c, fmt.Errorf("GRADLAB_URL is %q: give the address that students open, like https://lab.example.org", c.publicURL)
	}
	if err := c.checkLTI(); err != nil {
		return c, err
	}
	if _, err := c.signOn(); err != nil {
		return c, err
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

// checkLTI says what learning platforms lack.
func (c config) checkLTI() error {
	u, err := url.Parse(c.publicURL)
	switch {
	case c.ltiKey == "":
		return nil
	case len(c.ltiKey) < lti.MinSecret:
		return fmt.Errorf("GRADLAB_LTI_KEY has %d characters: give %d or more that nobody guesses", len(c.ltiKey), lti.MinSecret)
	case err != nil || c.publicURL == "" || u.Scheme != "https" && !lti.Loopback(u.Hostname()):
		return errors.New("GRADLAB_LTI_KEY needs GRADLAB_URL, the address of this site with https: browsers keep cookies inside a course page over HTTPS alone")
	}
	return nil
}

// leastKey is how many bytes an operator’s key has, so that nobody finds it by trying.
const leastKey = 16

// leastLog is the fewest days for which what was done can be looked up: a log that is gone by the time somebody asks proves nothing.
const leastLog = 30

// readTimes reads for how long things are kept.
func (c *config) readTimes(given raw) error {
	backups := time.Duration(0)
	for _, t := range []struct {
		name, text string
		least      int
		into       *time.Duration
	}{
		{"--keep-classes", given.classes, 1, &c.kept.Classes}, {"--keep-homework", given.homework, 1, &c.kept.Homework},
		{"--keep-answers", given.answers, leastLog, &c.kept.Answers}, {"--keep-plans", given.plans, leastLog, &c.kept.Plans},
		{"--keep-log", given.audit, leastLog, &c.kept.Audit}, {"GRADLAB_BACKUP_DAYS", given.backups, 1, &backups},
	} {
		if t.text == "" {
			continue
		}
		n, err := strconv.Atoi(t.text)
		if err != nil || n < t.least || n > mostDays {
			return fmt.Errorf("%s is %q: give a number of days from %d to %d", t.name, t.text, t.least, mostDays)
		}
		*t.into = time.Duration(n) * day
	}
	c.backupDays = int(backups / day)
	return nil
}

const (
	day      = 24 * time.Hour
	mostDays = 36_500
)

// signOn is the provider by which people sign in, nil where there is none.
func (c config) signOn() (*signon.Provider, error) {
	if c.issuer == "" {
		if c.onlyTeachers {
			return nil, errors.New("GRADLAB_OIDC_ONLY_TEACHERS is set, and nobody could sign in: name a provider by GRADLAB_OIDC_ISSUER")
		}
		return nil, nil
	}
	u, err := url.Parse(c.issuer)
	if err != nil || !validURL(c.issuer) || u.Scheme != "https" && !net.ParseIP(u.Hostname()).IsLoopback() && u.Hostname() != "localhost" {
		return nil, fmt.Errorf("GRADLAB_OIDC_ISSUER is %q: give the provider’s address, which begins with https://", c.issuer)
	}
	if c.client == "" {
		return nil, errors.New("GRADLAB_OIDC_CLIENT is empty: give the client ID that the provider has for this site")
	}
	if c.publicURL == "" {
		return nil, errors.New("GRADLAB_URL is empty: the provider sends people back to it, so give the address of this site")
	}
	roles, err := signon.ParseRoles(c.roles)
	if err != nil {
		return nil, fmt.Errorf("GRADLAB_OIDC_ROLES: %w", err)
	}
	return signon.New(signon.Config{
		Issuer: c.issuer, ClientID: c.client, Secret: c.clientSecret, Redirect: strings.TrimSuffix(c.publicURL, "/") + "/sign-in/back",
		Name: c.providerName, Roles: roles,
	}), nil
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
