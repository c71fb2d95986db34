import json

from portal import (
    ENVIRONMENTS,
    ROLES,
    Role,
    configuration,
    is_environment,
    is_role,
)

known: Role = "admin"
for unknown in ["", "Admin", "__class__", None, [known]]:
    assert not is_role(unknown) and not is_environment(unknown)
environment, role = json.loads(f'["test", "{known}"]')
assert is_environment(environment) and is_role(role)
configuration(environment, role)

ids = {
    environment: {role: configuration(environment, role) for role in ROLES}
    for environment in ENVIRONMENTS
}
print(json.dumps(ids))
