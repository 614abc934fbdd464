package lessons

import (
	"context"
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
func LoadWith(dir string) (*Library, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of lessons: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read the folder of lessons: %s is not a folder", dir)
	}
	return Load(embedded, os.DirFS(dir))
}

// Follow keeps the library in step with the folder until ctx ends: it looks at the files' times at every tick, and
// loads all anew when any has changed. report is told of each load, with what is broken in it or nil.
func (l *Library) Follow(ctx context.Context, dir string, tick time.Duration, report func(error)) {
	seen := stampOf(os.DirFS(dir))
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
		fresh, err := LoadWith(dir)
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
