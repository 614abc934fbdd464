package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/plans"
	"gradlab/store"
)

// A setting is one thing that can be set, by a flag or by a variable of the environment. The table of settings is all that
// reads them and all that documents them: --help, and the tables in README.md and docs/operations.md, which a test writes.
type setting struct {
	flag, env string
	help      string // in --help and both tables, in Markdown
	more      string // in docs/operations.md alone, after help
	// README says whether the table there has it: what most need.
	readme bool
	text   *string // what is set; of a setting without a value, on is
	on     *bool
	preset string // of text
	file   bool   // a second variable names a file that holds the text
}

// settings are those of the program, in the order in which they are documented. Those that are read elsewhere, by Go itself, a
// kernel or a database driver, have neither text nor on.
func settings(c *config, given *raw) []setting {
	return []setting{
		{flag: "addr", env: "GRADLAB_ADDR", text: &c.addr, preset: "127.0.0.1:8080", readme: true,
			help: "where to listen, `127.0.0.1:8080` by default; `0.0.0.0:8080` lets others on your network in"},
		{flag: "db", env: "GRADLAB_DB", text: &c.db, readme: true,
			help: "where answers are kept: an SQLite file, by default `gradlab.db` in your data folder, or `postgres://user@host:port/database?sslmode=…`"},
		{env: "PGPASSWORD, PGPASSFILE, …",
			help: "what the address leaves out, as for PostgreSQL’s own programs; a password in `--db` would show in the list of processes"},
		{flag: "lessons", env: "GRADLAB_LESSONS", text: &c.lessons, readme: true,
			help: "a folder of lessons and questions of your own, added to ours or in their place, and read anew when a file changes"},
		{flag: "runs-memory", env: "GRADLAB_RUNS_MEMORY", text: &given.memory, readme: true,
			help: "what training runs may hold together, such as `512MiB`; by default 45 % of the memory of the container or machine, or of `GOMEMLIMIT`",
			more: ". It counts those in training, paused, parked and finished"},
		// A password has no flag: other users of the machine could read it.
		{env: "GRADLAB_TEACHER_PASSWORD", text: &c.teacherPassword, readme: true,
			help: "who may open classes; everybody, where it is empty"},
		{env: "GRADLAB_URL", text: &c.publicURL, readme: true,
			help: "the address that students open, such as `https://lab.example.edu`, for links and QR codes behind a proxy"},
		{env: "GRADLAB_LTI_KEY", text: &c.ltiKey,
			help: "lets learning platforms (Moodle, Canvas and others) be registered by whoever has it, 16 characters or more; needs `GRADLAB_URL` with HTTPS. [docs/lti.md](lti.md) says how"},
		{flag: "keep-classes", env: "GRADLAB_KEEP_CLASSES", text: &given.classes,
			help: fmt.Sprintf("for how many days classes are kept after they were opened last, %d by default", classroom.KeptTime/day)},
		{flag: "keep-homework", env: "GRADLAB_KEEP_HOMEWORK", text: &given.homework,
			help: fmt.Sprintf("for how many days homework is kept after the last of its ends, %d by default", homework.KeptTime/day)},
		{flag: "keep-answers", env: "GRADLAB_KEEP_ANSWERS", text: &given.answers,
			help: "for how many days the answers of visitors are kept who do not come back, for ever by default",
			more: fmt.Sprintf(": the time is counted from their last visit to any page, %d days or more; what is in classes goes with the class", leastLog)},
		{flag: "keep-plans", env: "GRADLAB_KEEP_PLANS", text: &given.plans,
			help: fmt.Sprintf("for how many days plans are kept after their link was used last, %d by default", plans.KeptTime/day)},
		{flag: "keep-log", env: "GRADLAB_KEEP_LOG", text: &given.audit,
			help: fmt.Sprintf("for how many days the log is kept of who did what, %d by default", store.AuditTime/day),
			more: fmt.Sprintf("; at least %d. An event keeps the time that was set when it was written", leastLog)},
		{env: "GRADLAB_BACKUP_DAYS", text: &given.backups,
			help: "for how many days backups are kept, which `/privacy` says then", more: "; compose.yaml gives it to the backups, too"},
		{env: "GRADLAB_OIDC_ISSUER", text: &c.issuer,
			help: "the address of an OpenID Connect provider by which people sign in; nobody does, where it is empty"},
		{env: "GRADLAB_OIDC_CLIENT", text: &c.client,
			help: "what the provider calls this site, its client ID; people come back to `/sign-in/back` below `GRADLAB_URL`"},
		{env: "GRADLAB_OIDC_SECRET, GRADLAB_OIDC_SECRET_FILE", file: true, text: &c.clientSecret,
			help: "the client’s secret, or a file that holds it; without either the client is a public one, by PKCE alone"},
		{env: "GRADLAB_OIDC_NAME", text: &c.providerName, preset: "your institution",
			help: "what people call the provider: “Sign in with …”"},
		{env: "GRADLAB_OIDC_ROLES", text: &c.roles,
			help: "who is what, by the values of a claim: `groups: lab-teachers=teacher; lab-staff=operator`; everybody else is a student"},
		{env: "GRADLAB_OIDC_ONLY_TEACHERS", on: &c.onlyTeachers,
			help: "`1`: only who has signed in as a teacher opens classes and keeps plans, whatever the password"},
		{flag: "verbose", on: &c.verbose, readme: true,
			help: "logs every request: never a query, an answer, a cookie or an address"},
		{flag: "json-logs", env: "GRADLAB_JSON_LOGS", on: &c.jsonLogs,
			help: "writes the log as a JSON object a line, for programs that collect it; the variable is `1` for yes"},
		{flag: "metrics-addr", env: "GRADLAB_METRICS_ADDR", text: &c.metricsAddr,
			help: "where `/metrics` listens, apart from the site, such as `127.0.0.1:9090`; without it `/metrics` is at `--addr`"},
		{env: "GRADLAB_METRICS_TOKEN", text: &c.metricsToken,
			help: "what `/metrics` takes as a bearer token; without it everybody who reaches that address may read it"},
		{env: "GRADLAB_OPERATOR_KEY", text: &c.operatorKey,
			help: fmt.Sprintf("what lets you in at `/admin`, %d characters or more; without it nobody is, but who has signed in as an operator", leastKey)},
		{env: "GRADLAB_CONTACT", text: &c.contact,
			help: "a mail address of whoever runs the site, for `/accessibility` and its report, which lacks it otherwise"},
		{flag: "healthcheck", on: &c.healthcheck, readme: true,
			help: "asks the server at `--addr` whether it is ready, and exits with 0 or 1: for containers"},
		{flag: "backup", text: &c.backup,
			help: "copies the SQLite file of `--db` to this new file, even while a server uses it, and exits"},
		{flag: "restore", text: &c.restore,
			help: "replaces the content of `--db` by that of this backup, and exits"},
		{flag: "version", on: &c.version, help: "prints the version, and exits"},
		{env: "GRADLAB_KERNEL", readme: true,
			help: "`go`, `avx2`, `avx512` or `neon`: forces a kernel set instead of the machine’s best"},
		{env: "GOMEMLIMIT, GOMAXPROCS",
			help: "Go’s own: a soft limit of memory, by default four fifths of the container’s or machine’s; the processors to use, by default those of the container"},
	}
}

// read fills settings from flags and the environment. A flag wins over its variable, and a variable over what is preset.
func read(all []setting, args []string, getenv func(string) string, errOut io.Writer) error {
	flags := flag.NewFlagSet("gradlab", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.Usage = func() {
		fmt.Fprint(errOut, "Usage: gradlab [flags]\n       gradlab check DIR   looks over a folder of lessons\n\n")
		for _, s := range all {
			fmt.Fprintf(errOut, "  %s\n    \t%s\n", s.names("--%s", "%s"), strings.ReplaceAll(s.help, "`", ""))
		}
	}
	for _, s := range all {
		switch {
		case s.on != nil:
			flags.BoolVar(s.on, s.flag, s.env != "" && getenv(s.env) == "1", "")
		case s.text != nil:
			env, fileEnv := s.env, ""
			if s.file {
				env, fileEnv, _ = strings.Cut(s.env, ", ")
			}
			*s.text = s.preset
			if fileEnv != "" && getenv(fileEnv) != "" {
				b, err := os.ReadFile(getenv(fileEnv))
				if err != nil {
					return fmt.Errorf("%s: %w", fileEnv, err)
				}
				*s.text = strings.TrimSpace(string(b))
			}
			if env != "" && getenv(env) != "" {
				*s.text = getenv(env)
			}
			if s.flag != "" {
				flags.StringVar(s.text, s.flag, *s.text, "")
			}
		}
	}
	if err := flags.Parse(args); err != nil {
		return usage(err)
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(errOut, "gradlab: unexpected argument %q\n", flags.Arg(0))
		return errUsage
	}
	return nil
}

// names are the flag and the variable of a setting, each as its format has it.
func (s setting) names(flagFormat, envFormat string) string {
	var names []string
	if s.flag != "" {
		names = append(names, fmt.Sprintf(flagFormat, s.flag))
	}
	if s.env != "" {
		names = append(names, fmt.Sprintf(envFormat, s.env))
	}
	return strings.Join(names, ", ")
}

// markdown is the table of README.md, or the whole one.
func markdown(all []setting, readme bool) string {
	var b strings.Builder
	b.WriteString("| flag | variable | |\n| --- | --- | --- |\n")
	code := func(names, format string) string {
		if names == "" {
			return ""
		}
		var each []string
		for name := range strings.SplitSeq(names, ", ") {
			if name != "…" {
				name = fmt.Sprintf(format, name)
			}
			each = append(each, name)
		}
		return strings.Join(each, ", ") + " "
	}
	for _, s := range all {
		help := s.help
		if !readme {
			help += s.more
		} else if !s.readme {
			continue
		}
		fmt.Fprintf(&b, "| %s| %s| %s |\n", code(s.flag, "`--%s`"), code(s.env, "`%s`"), help)
	}
	return b.String()
}
