package lessons

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"time"
)

// mostFiles bounds how many files of a folder are watched.
const mostFiles = 2000

// LoadWith loads the embedded content and over it that of a folder on disk. Faults are the folder's; an error that is
// no LoadError says that there is no such folder.
func LoadWith(experiments Experiments, dir string) (library *Library, err error) {
	defer func() { // the parsers are others' work, and the folder may be anybody's
		if v := recover(); v != nil {
			library, err = nil, fmt.Errorf("read the folder of lessons: a parser met a bug of its own: %v", v)
		}
	}()
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of lessons: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read the folder of lessons: %s is not a folder", dir)
	}
	folder := os.DirFS(dir)
	stamp := stampOf(folder)
	if library, err = Load(experiments, embedded, folder); library != nil {
		library.stamp = stamp
	}
	return library, err
}

// loadTime is how long a folder may take to load before its author is told; the bounds of bounds.go let none take so long.
const loadTime = 30 * time.Second

// errSlow says that a folder has not loaded in time. It is not loaded again before it has.
var errSlow = errors.New("the folder takes very long to read: the lessons stay as they were meanwhile")

// Follow keeps a library that LoadWith made in step with its folder until ctx ends: it looks at the files' times at every tick,
// and loads all anew when any has changed since. report is told of each load, with what is broken in it or nil. The load has a goroutine
// of its own: while it lasts, and where it fails, the library is as it was.
func (l *Library) Follow(ctx context.Context, dir string, tick time.Duration, report func(error)) {
	seen := l.stamp
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		stamp := stampOf(os.DirFS(dir))
		if stamp == seen {
			continue
		}
		seen = stamp
		done := make(chan struct{})
		var fresh *Library
		var err error
		go func() {
			defer close(done)
			fresh, err = LoadWith(l.experiments, dir)
		}()
		for waiting, slow := true, time.After(loadTime); waiting; {
			select {
			case <-done:
				waiting = false
			case <-slow:
				report(errSlow)
			case <-ctx.Done():
				return
			}
		}
		if fresh != nil {
			l.Replace(fresh)
		}
		report(err)
	}
}

// stampOf changes when a file of the folder does: its name, its time or its size.
func stampOf(folder fs.FS) uint64 {
	sum, files := fnv.New64a(), 0
	fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if files++; err != nil || files > mostFiles {
			return fs.SkipAll
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintln(sum, path, info.ModTime().UnixNano(), info.Size())
		}
		return nil
	})
	return sum.Sum64()
}
