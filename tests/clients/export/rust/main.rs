mod portal;

use portal::{Environment, Role, configuration};

const KNOWN: &str = configuration(Environment::Test, Role::Admin);

fn main() {
    for unknown in ["", "Admin", "admin "] {
        assert!(unknown.parse::<Role>().is_err() && unknown.parse::<Environment>().is_err());
    }
    assert_eq!("admni".parse::<Role>().unwrap_err().to_string(), "\"admni\" is not a role");
    let (environment, role) = ("test".parse().unwrap(), "admin".parse().unwrap());
    assert_eq!(configuration(environment, role), KNOWN);

    let rows = Environment::ALL.map(|environment| {
        let ids = Role::ALL.map(|role| format!("\"{role}\":\"{}\"", configuration(environment, role)));
        format!("\"{environment}\":{{{}}}", ids.join(","))
    });
    println!("{{{}}}", rows.join(","));
}
