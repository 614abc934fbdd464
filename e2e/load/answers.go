package main

import (
	"context"
	"fmt"
	"sync"
)

// answers lets students answer a question of the site, each their own, and prints how long it took until each answer was
// acknowledged.
func answers(ctx context.Context, o options, c *cluster) error {
	students := make([]*student, o.students)
	for i := range students {
		students[i] = newStudent(c.url, i)
	}
	fmt.Printf("%d students for %v, an answer of each every %v\n", o.students, o.last, o.every)
	var acknowledged, refused times
	end, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	var wg sync.WaitGroup
	for _, s := range students {
		wg.Go(func() { s.write(end, o.every, &acknowledged, &refused) })
	}
	if err := c.trouble(ctx, o); err != nil {
		return err
	}
	wg.Wait()
	fmt.Println("answers acknowledged:", &acknowledged)
	fmt.Println("attempts in vain:    ", &refused)
	fmt.Println("memory at its most:  ", c.memory())
	return checkKept(ctx, students)
}

// checkKept fails when an acknowledged answer is not there.
func checkKept(ctx context.Context, students []*student) error {
	lost := 0
	for _, s := range students {
		kept, err := s.kept(ctx)
		if err != nil {
			return err
		}
		if !kept {
			lost++
		}
	}
	if lost > 0 {
		return fmt.Errorf("%d students lost an acknowledged answer", lost)
	}
	fmt.Println("lost:                 0")
	return ctx.Err()
}
