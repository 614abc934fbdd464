package e2e

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// A program is the server as its users start it, in a process of its own over a database file.
type program struct {
	t       testing.TB
	binary  string
	file    string // the database: a file, or the address of one
	address string // host and port, the same over every start
	env     []string
	running *exec.Cmd
}

// build compiles the program and starts it on a file of its own.
func build(t testing.TB) *program { return buildOn(t, filepath.Join(t.TempDir(), "answers.db")) }

// buildOn is build on a database, with variables of the environment.
func buildOn(t testing.TB, dsn string, env ...string) *program {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser test: left out of -short")
	}
	p := &program{t: t, binary: filepath.Join(t.TempDir(), "gradlab"), file: dsn, address: "127.0.0.1:0", env: env}
	if out, err := exec.Command("go", "build", "-o", p.binary, "gradlab/server").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	p.start()
	t.Cleanup(p.kill)
	return p
}

// start runs the program until it is killed.
func (p *program) start() {
	p.t.Helper()
	cmd := exec.Command(p.binary, "--addr", p.address, "--db", p.file)
	cmd.Env = append(os.Environ(), p.env...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.running = cmd
	line, err := bufio.NewReader(out).ReadString('\n')
	found := regexp.MustCompile(`http://(\S+)`).FindStringSubmatch(line)
	if err != nil || found == nil {
		p.t.Fatalf("the program says %q, %v; want its address", line, err)
	}
	if _, _, err := net.SplitHostPort(found[1]); err != nil {
		p.t.Fatal(err)
	}
	p.address = found[1]
}

// kill ends the program as a power cut does.
func (p *program) kill() {
	if p.running == nil {
		return
	}
	p.running.Process.Kill()
	p.running.Wait()
	p.running = nil
}
