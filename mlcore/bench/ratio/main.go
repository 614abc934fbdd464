// Command ratio prints how many times faster a training step is here than in PyTorch, case by case, with the share of
// the machine's multiply-add peak, and how the cost grows with depth.
//
//	go run ./mlcore/bench/ratio [-python PYTHON] mlcore/bench/pytorch/pytorch.py
//	                                                       times each case right after PyTorch's script has, if there is PyTorch
//	python3 pytorch.py | go run ./mlcore/bench/ratio -     takes PyTorch's JSON lines from standard input
//	go run ./mlcore/bench/ratio                            our times alone
//
// The script takes a case's name and prints {"case": "notebook", "ms": 3.1, "threads": 1}. Quote the ratio, never
// the times: they belong to one machine in one minute.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"gradlab/mlcore/bench"
	"gradlab/mlcore/kernel"
)

// measured is one line of PyTorch's script.
type measured struct {
	Case    string  `json:"case"`
	MS      float64 `json:"ms"`
	Threads int     `json:"threads"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("ratio: ")
	python := flag.String("python", "python3", "interpreter that has PyTorch")
	workers := flag.Int("workers", 2, "cores that a step may use, as PyTorch's script tries 1 and 2")
	only := flag.String("cases", "", "comma-separated cases, default all")
	flag.Parse()
	set, err := kernel.Chosen()
	if err != nil {
		log.Fatal(err)
	}
	theirs, err := source(flag.Arg(0), *python)
	if err != nil {
		log.Fatal(err)
	}
	if err := table(os.Stdout, set, theirs, *only, *workers); err != nil {
		log.Fatal(err)
	}
}

// source returns a function that gives PyTorch's time of a case, and false where there is none.
func source(from, python string) (func(name string) (measured, bool), error) {
	switch from {
	case "":
		return func(string) (measured, bool) { return measured{}, false }, nil
	case "-":
		known, err := lines(os.Stdin)
		return func(name string) (measured, bool) { m, ok := known[name]; return m, ok }, err
	}
	return func(name string) (measured, bool) {
		out, err := exec.Command(python, from, name).Output()
		if err != nil {
			return measured{}, false // a case that the script lacks, such as deep-110
		}
		known, err := lines(bytes.NewReader(out))
		m, ok := known[name]
		return m, ok && err == nil
	}, nil
}

func lines(r io.Reader) (map[string]measured, error) {
	known := map[string]measured{}
	for s := bufio.NewScanner(r); s.Scan(); {
		if strings.TrimSpace(s.Text()) == "" {
			continue
		}
		var m measured
		if err := json.Unmarshal(s.Bytes(), &m); err != nil {
			return nil, fmt.Errorf("read PyTorch's times: %w", err)
		}
		known[m.Case] = m
	}
	return known, nil
}

func table(w io.Writer, set *kernel.Set[float32], theirs func(string) (measured, bool), only string, workers int) error {
	peak := set.Peak()
	fmt.Fprintf(w, "kernels %s; multiply-add peak of one core %.0f GFLOP/s\n\n", set.Name, peak/1e9)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "case\tPyTorch ms\tthreads\tours ms\tcores\tratio\tGFLOP/s\tof peak\t")
	depths := map[string]float64{}
	for _, c := range bench.Cases() {
		if only != "" && !slices.Contains(strings.Split(only, ","), c.Name) {
			continue
		}
		m, known := theirs(c.Name)
		ms, cores := math.Inf(1), 0
		for n := 1; n <= workers; n++ {
			m, err := median(c, set, n)
			if err != nil {
				return err
			}
			// A second core that gains nothing was not used: only large convolutions are cut in two.
			if n == 1 || m < 0.9*ms {
				ms, cores = m, n
			}
		}
		depths[c.Name] = ms
		speed := 2 * float64(c.MultiplyAdds()) / (ms / 1e3)
		share, pytorch, threads, ratio := "", "", "", ""
		if peak > 0 {
			share = fmt.Sprintf("%.0f %%", 100*speed/peak/float64(cores))
		}
		if known {
			pytorch, threads, ratio = fmt.Sprintf("%.2f", m.MS), fmt.Sprint(m.Threads), fmt.Sprintf("%.1f", m.MS/ms)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%.3f\t%d\t%s\t%.1f\t%s\t\n", c.Name, pytorch, threads, ms, cores, ratio, speed/1e9, share)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\ncost by depth (µs a layer):")
	for _, depth := range []int{8, 20, 56, 110} {
		if ms, known := depths[fmt.Sprintf("deep-%d", depth)]; known {
			fmt.Fprintf(w, "  depth %3d: %7.3f ms, %6.1f\n", depth, ms, 1e3*ms/float64(depth))
		}
	}
	return nil
}

// median times steps, on up to the given number of cores, as PyTorch's script does: at least 5, up to 200 or 4 seconds, without the first two.
func median(c bench.Case, set *kernel.Set[float32], workers int) (ms float64, err error) {
	step, err := c.Stepper(set, workers)
	if err != nil {
		return 0, err
	}
	var times []float64
	begin := time.Now()
	for len(times) < 5 || (time.Since(begin) < 4*time.Second && len(times) < 200) {
		start := time.Now()
		step()
		times = append(times, time.Since(start).Seconds()*1e3)
	}
	times = times[2:]
	slices.Sort(times)
	return times[len(times)/2], nil
}
