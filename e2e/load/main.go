package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

type options struct {
	server   string
	db       string
	replicas int
	kill     bool
	outage   time.Duration
	students int
	every    time.Duration
	last     time.Duration
	rate     int

	reconnect bool
	gigabyte  bool
}

// troubled says whether something is to go wrong half-way.
func (o options) troubled() bool { return o.kill || o.outage > 0 || o.reconnect }

func main() {
	var o options
	flag.StringVar(&o.server, "server", "", "the program, built beforehand; else it is built from this checkout")
	flag.StringVar(&o.db, "db", "", "sqlite (the default), postgres for a throw-away server, or the address of a PostgreSQL database")
	flag.IntVar(&o.replicas, "replicas", 1, "how many servers; more than one need -db postgres and Caddy")
	flag.BoolVar(&o.kill, "kill", false, "kill -9 a replica half-way")
	flag.DurationVar(&o.outage, "outage", 0, "stop PostgreSQL for this long, half-way")
	flag.BoolVar(&o.reconnect, "reconnect", false, "half-way, every student loses the stream and comes back at once")
	flag.IntVar(&o.students, "students", 500, "students in the class")
	flag.DurationVar(&o.every, "every", time.Minute, "how often each student answers")
	flag.DurationVar(&o.last, "for", time.Minute, "how long the load lasts")
	flag.IntVar(&o.rate, "rate", 2000, "lab requests a second")
	flag.BoolVar(&o.gigabyte, "gigabyte", false, "the servers keep to the memory of a container of 1 GiB")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: load [flags] labs|answers|class|vote|explore|attack")
		flag.PrintDefaults()
	}
	flag.Parse()
	scenarios := map[string]func(context.Context, options, *cluster) error{"labs": labs, "answers": answers, "class": class, "vote": vote, "explore": explore, "attack": attack}
	scenario, found := scenarios[flag.Arg(0)]
	if !found || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, scenario); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, scenario func(context.Context, options, *cluster) error) error {
	if o.kill && o.replicas < 2 {
		return errors.New("-kill needs a replica that stays: -replicas 2")
	}
	if o.outage > 0 && o.db != "postgres" {
		return errors.New("-outage needs a server of our own: -db postgres")
	}
	c, err := startCluster(ctx, o)
	if err != nil {
		return err
	}
	defer c.stop()
	return scenario(ctx, o, c)
}
