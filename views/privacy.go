package views

import "fmt"

// A Privacy is the page /privacy.
type Privacy struct {
	Frame  Frame
	Tables []KeptTable
	// BackupDays is for how many days backups are kept; 0 where nobody has said so.
	BackupDays int
}

// backups says for how long backups are kept.
func (p Privacy) backups() string {
	if p.BackupDays == 1 {
		return "a day"
	}
	return fmt.Sprint(p.BackupDays, " days")
}

// A KeptTable is what one table keeps.
type KeptTable struct {
	Name    string
	What    string
	Until   string
	Yours   bool // whether its rows are about one visitor
	Columns []KeptColumn
}

// A KeptColumn is one column and what it is for.
type KeptColumn struct {
	Name  string
	Why   string
	Apart bool // whether the visitor's file lacks it
}
