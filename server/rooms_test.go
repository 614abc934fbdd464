package main

import (
	"os"
	"os/exec"
	"testing"
)

// The picture of the rooms is the one that the code draws now.
func TestRoomsAreDrawn(t *testing.T) {
	command := exec.CommandContext(t.Context(), "go", "run", "./docs/rooms")
	command.Dir = ".."
	drawn, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/rooms.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(drawn) != string(page) {
		t.Error("docs/rooms.md is not what the packages import: go run ./docs/rooms > docs/rooms.md")
	}
}
