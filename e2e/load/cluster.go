package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gradlab/store/pgtest"
)

// A cluster is what serves: the program once or several times, its database, and a balancer in front of several.
type cluster struct {
	url      string // what visitors open
	replicas []*exec.Cmd
	postgres *pgtest.Server // where we have started one
	dir      string
	closers  []func()
	gigabyte bool // servers keep to the memory of a container of 1 GiB
}

func startCluster(ctx context.Context, o options) (_ *cluster, err error) {
	c := &cluster{gigabyte: o.gigabyte}
	if c.dir, err = os.MkdirTemp("", "gradlab-load-"); err != nil {
		return nil, err
	}
	c.closers = append(c.closers, func() { os.RemoveAll(c.dir) })
	defer func() {
		if err != nil {
			c.stop()
		}
	}()
	binary := o.server
	if binary == "" {
		binary = filepath.Join(c.dir, "gradlab")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "gradlab/server").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build the server: %w: %s", err, out)
		}
	}
	dsn, err := c.database(ctx, o)
	if err != nil {
		return nil, err
	}
	var hosts []string
	for range o.replicas {
		host, err := c.replica(binary, dsn)
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, host)
	}
	c.url = "http://" + hosts[0]
	if o.replicas > 1 {
		return c, c.balance(ctx, hosts)
	}
	return c, nil
}

func (c *cluster) database(ctx context.Context, o options) (dsn string, err error) {
	switch o.db {
	case "", "sqlite":
		if o.replicas > 1 {
			return "", errors.New("several replicas need -db postgres")
		}
		return filepath.Join(c.dir, "gradlab.db"), nil
	case "postgres":
		server, err := pgtest.Start(ctx)
		if err != nil {
			return "", err
		}
		c.closers = append(c.closers, func() { server.Close() })
		c.postgres = server
		return server.CreateDatabase(ctx)
	}
	return o.db, nil
}

// replica starts the program and waits until it says where it listens.
func (c *cluster) replica(binary, dsn string) (host string, err error) {
	p := exec.Command(binary, "--addr", "127.0.0.1:0")
	p.Env = append(os.Environ(), "GRADLAB_DB="+dsn)
	if c.gigabyte { // as in a container of 1 GiB; see server/memory.go
		p.Env = append(p.Env, "GOMEMLIMIT=819MiB", "GRADLAB_RUNS_MEMORY=460MiB")
	}
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := p.Start(); err != nil {
		return "", err
	}
	c.replicas = append(c.replicas, p)
	c.closers = append(c.closers, func() { p.Process.Signal(os.Interrupt); p.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the server does not say where it is: %w", err)
	}
	host = regexp.MustCompile(`[\d.]+:\d+`).FindString(line)
	if host == "" {
		return "", fmt.Errorf("no address in %q", line)
	}
	return host, nil
}

// balance puts Caddy in front of hosts.
func (c *cluster) balance(ctx context.Context, hosts []string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	p := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", filepath.Join("deploy", "Caddyfile"))
	log, err := os.Create(filepath.Join(c.dir, "caddy.log"))
	if err != nil {
		return err
	}
	p.Stdout, p.Stderr = log, log
	p.Env = append(os.Environ(), "XDG_DATA_HOME="+c.dir, "XDG_CONFIG_HOME="+c.dir,
		"GRADLAB_BALANCER_PORT="+strconv.Itoa(port), "GRADLAB_REPLICAS="+strings.Join(hosts, " "))
	if err := p.Start(); err != nil {
		return fmt.Errorf("start the balancer (Debian's package caddy): %w", err)
	}
	c.closers = append(c.closers, func() { p.Process.Signal(os.Interrupt); p.Wait() })
	c.url = fmt.Sprintf("http://127.0.0.1:%d", port)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		resp, err := http.Get(c.url + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	text, _ := os.ReadFile(log.Name())
	return fmt.Errorf("the balancer does not find the replicas: run this from the folder that holds deploy/: %.2000s", text)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// kill ends a replica as a crash does.
func (c *cluster) kill(replica int) error { return c.replicas[replica].Process.Kill() }

// trouble makes, half-way through the load, the trouble that was asked for.
func (c *cluster) trouble(ctx context.Context, o options) error {
	select {
	case <-time.After(o.last / 2):
	case <-ctx.Done():
	}
	if o.kill {
		fmt.Println("killed a replica")
		return c.kill(0)
	}
	if o.outage > 0 {
		fmt.Println("PostgreSQL crashes, and is away for", o.outage)
		return c.outage(ctx, o.outage)
	}
	return nil
}

// outage stops PostgreSQL for a while, as a crash would.
func (c *cluster) outage(ctx context.Context, lasts time.Duration) error {
	if err := c.postgres.Stop(ctx, true); err != nil {
		return err
	}
	select {
	case <-time.After(lasts):
	case <-ctx.Done():
	}
	return c.postgres.Restart(context.WithoutCancel(ctx))
}

// memory is the most that a server held at once, of all servers that live.
func (c *cluster) memory() string {
	var all []string
	for _, p := range c.replicas {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
		found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
		if err != nil || found == nil {
			continue
		}
		kB, _ := strconv.Atoi(string(found[1]))
		all = append(all, fmt.Sprintf("%d MB", kB>>10))
	}
	return strings.Join(all, ", ")
}

// cpu is the processor time that the servers have used. It tells their work even on a machine that has other work.
func (c *cluster) cpu() (total time.Duration) {
	for _, p := range c.replicas {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ") // the name before may hold anything
		if fields := strings.Fields(rest); len(fields) > 12 {
			user, _ := strconv.Atoi(fields[11])
			system, _ := strconv.Atoi(fields[12])
			total += time.Duration(user+system) * (time.Second / 100) // proc(5): in hundredths, everywhere on Linux
		}
	}
	return total
}

func (c *cluster) stop() {
	for i := len(c.closers) - 1; i >= 0; i-- {
		c.closers[i]()
	}
}
