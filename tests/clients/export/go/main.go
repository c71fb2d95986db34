package main

import (
	"encoding/json"
	"os"

	"example.com/app/portal"
)

var known portal.Role = portal.RoleAdmin

func main() {
	for _, unknown := range []string{"", "Admin", "admin "} {
		_, isRole := portal.ParseRole(unknown)
		_, isEnvironment := portal.ParseEnvironment(unknown)
		if isRole || isEnvironment {
			panic(unknown)
		}
	}
	role, isRole := portal.ParseRole("admin")
	if !isRole || role != known || !panics(portal.Role{}) {
		panic(role)
	}

	ids := map[string]map[string]string{}
	for _, environment := range portal.Environments() {
		ids[environment.String()] = map[string]string{}
		for _, role := range portal.Roles() {
			ids[environment.String()][role.String()] = portal.Configuration(environment, role)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(ids); err != nil {
		panic(err)
	}
}

func panics(role portal.Role) (panics bool) {
	defer func() { panics = recover() != nil }()
	return portal.Configuration(portal.EnvironmentTest, role) != ""
}
