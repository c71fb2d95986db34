//! From keys, which are flat, to the schema of the mapping that they stand in.

use serde_json::{Value as Json, json};

use crate::reference::key::{Home, Key, keys};

/// The schema of everything that a file can have.
pub(super) fn of(home: Home) -> Json {
    let mut schema = mapping();
    for key in keys().into_iter().filter(|key| key.home == home) {
        insert(&mut schema, &key.path, &key);
    }
    schema
}

/// Puts a description first, which is plain text.
pub(super) fn describe(schema: &mut Json, about: &str) {
    let Json::Object(old) = schema else { return };
    let mut new = serde_json::Map::new();
    new.insert("description".to_owned(), about.replace('`', "").into());
    new.extend(std::mem::take(old));
    *old = new;
}

fn mapping() -> Json {
    json!({ "type": ["object", "null"], "properties": {}, "additionalProperties": false })
}

/// Puts a key where its path leads, and makes the mappings and lists on the way.
fn insert(schema: &mut Json, path: &str, key: &Key) {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    if first == "<name>" {
        let inner = entry(schema, "additionalProperties", mapping);
        return insert(inner, rest.unwrap_or_default(), key);
    }
    let name = first.trim_end_matches("[]");
    if rest.is_none() && key.is_required {
        require(schema, name);
    }
    let properties = entry(schema, "properties", || json!({}));
    match rest {
        None => {
            let mut leaf = key.shape.clone().unwrap_or_else(list_of_mappings);
            describe(&mut leaf, &about(key));
            leaf["examples"] = json!([sample(key)]);
            properties[name] = leaf;
        }
        Some(rest) if first.ends_with("[]") => {
            let list = entry(properties, name, list_of_mappings);
            insert(&mut list["anyOf"][0]["items"], rest, key);
        }
        Some(rest) => {
            let inner = entry(properties, name, mapping);
            // What a switch does is what its mapping is about.
            if rest == "enabled" {
                describe(inner, key.about);
            }
            insert(inner, rest, key);
        }
    }
}

/// What the key's example has for it.
fn sample(key: &Key) -> Json {
    let file: Json = serde_yaml::from_str(key.example).expect("an example is YAML");
    let in_it = key.path.split('.').try_fold(&file, |around, part| match part {
        "<name>" => around.as_object()?.values().next_back(),
        list if list.ends_with("[]") => around.get(list.trim_end_matches("[]"))?.get(0),
        name => around.get(name),
    });
    in_it.cloned().unwrap_or_else(|| panic!("the example of `{}` doesn't have it", key.path))
}

fn list_of_mappings() -> Json {
    let mut item = mapping();
    item["type"] = "object".into();
    json!({ "anyOf": [{ "type": "array", "items": item }, { "enum": ["", null] }] })
}

fn require(schema: &mut Json, name: &str) {
    let required = entry(schema, "required", || json!([]));
    if let Json::Array(names) = required {
        names.push(name.into());
    }
}

/// What is at a key, put there first if nothing is.
fn entry<'a>(object: &'a mut Json, key: &str, make: impl Fn() -> Json) -> &'a mut Json {
    let place = &mut object[key];
    if !place.is_object() && !place.is_array() {
        *place = make();
    }
    place
}

/// What an editor shows beside a key.
fn about(key: &Key) -> String {
    let mut about = format!("{}\n\nValue: {}.\nDefault: {}.", key.about, key.value, key.default);
    if let Some(counts) = &key.counts {
        about.push_str(&format!("\nCounts {counts}."));
    }
    if let Some(since) = key.since {
        about.push_str(&format!("\nSince Stripe's API version {since}."));
    }
    about
}
