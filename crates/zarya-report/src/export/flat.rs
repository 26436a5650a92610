//! The tables that lie in the JSON of an answer.

use super::{Table, Value};
use serde_json::{Map, Value as Json};

/// How deep tables are looked for; answers are far flatter.
const DEPTH_MAX: usize = 16;
/// What stands alone.
const ALONE: &str = "answer";

/// Returns the tables of an answer: first what stands alone, then the lists in the order of the JSON.
pub(super) fn tables(answer: &Json) -> Vec<Table> {
    let (mut alone, mut lists) = (Vec::new(), Vec::new());
    if let Json::Object(fields) = answer {
        object("", fields, &mut alone, &mut lists, 0);
    }
    let head = Table {
        name: ALONE.to_owned(),
        title: "What stands alone in the answer, by its path in the JSON".to_owned(),
        columns: ["field", "value"].map(str::to_owned).to_vec(),
        rows: alone.into_iter().map(|(path, value)| vec![path.into(), value]).collect(),
    };
    let mut tables = vec![head];
    tables.extend(lists);
    tables
}

fn is_plain(json: &Json) -> bool {
    !json.is_array() && !json.is_object()
}

fn plain(json: &Json) -> Value {
    match json {
        Json::Bool(yes) => (*yes).into(),
        // A number beyond what a float holds exactly (a seed) stays as it is written.
        Json::Number(number) => match number.as_f64() {
            Some(float) if float.abs() < 9e15 || number.is_f64() => float.into(),
            _ => Value::Text(number.to_string()),
        },
        Json::String(text) => text.into(),
        _ => Value::Missing,
    }
}

fn path_to(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn named(path: &str, columns: Vec<String>, rows: Vec<Vec<Value>>) -> Table {
    Table {
        name: path.replace(['.', '_'], "-"),
        title: format!("`{path}` of the answer"),
        columns,
        rows,
    }
}

/// Takes an object apart: values to `alone`, lists to `lists`.
fn object(
    path: &str,
    fields: &Map<String, Json>,
    alone: &mut Vec<(String, Value)>,
    lists: &mut Vec<Table>,
    depth: usize,
) {
    if depth > DEPTH_MAX {
        return;
    }
    let side = columns_of(fields);
    if !side.is_empty() {
        let name = if path.is_empty() { "series".to_owned() } else { path.to_owned() };
        lists.push(beside(&name, &[], &[], &side));
    }
    for (key, value) in fields {
        let path = path_to(path, key);
        match value {
            Json::Object(fields) => object(&path, fields, alone, lists, depth + 1),
            Json::Array(_) if side.iter().any(|(name, _)| *name == key) => {}
            Json::Array(items) => list(&path, items, lists, depth + 1),
            value => alone.push((path, plain(value))),
        }
    }
}

/// Lists of plain values that lie beside each other in one object and are equally long: the columns of a
/// table.
fn columns_of(fields: &Map<String, Json>) -> Vec<(&String, &Vec<Json>)> {
    let of_values = |items: &Vec<Json>| items.len() > 1 && items.iter().all(is_plain);
    let long: Vec<(&String, &Vec<Json>)> = fields
        .iter()
        .filter_map(|(key, value)| Some((key, value.as_array().filter(|items| of_values(items))?)))
        .collect();
    // Texts alone (caveats, notes) are no columns of each other.
    let number = |items: &Vec<Json>| items.iter().any(Json::is_number);
    let Some(n) =
        long.iter().filter(|(_, items)| number(items)).map(|(_, items)| items.len()).max()
    else {
        return Vec::new();
    };
    let same: Vec<_> = long.into_iter().filter(|(_, items)| items.len() == n).collect();
    if same.len() > 1 { same } else { Vec::new() }
}

fn beside(path: &str, keys: &[String], values: &[Value], side: &[(&String, &Vec<Json>)]) -> Table {
    let columns = keys.iter().cloned().chain(side.iter().map(|(key, _)| (*key).clone())).collect();
    let n = side.first().map_or(0, |(_, items)| items.len());
    let row = |at: usize| {
        let cells = side.iter().map(|(_, items)| plain(&items[at]));
        values.iter().cloned().chain(cells).collect()
    };
    named(path, columns, (0..n).map(row).collect())
}

/// A list at the top: of objects, of lists, or of values.
fn list(path: &str, items: &[Json], lists: &mut Vec<Table>, depth: usize) {
    let heads: Vec<(Vec<String>, Vec<Value>)> = items.iter().map(|_| Default::default()).collect();
    let items: Vec<&Json> = items.iter().collect();
    rows(path, &items, &heads, lists, depth);
}

/// Makes one table of items; each has cells of its own that stand before it, which say whose it is.
fn rows(
    path: &str,
    items: &[&Json],
    heads: &[(Vec<String>, Vec<Value>)],
    lists: &mut Vec<Table>,
    depth: usize,
) {
    if items.is_empty() || depth > DEPTH_MAX {
        return;
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let mut columns: Vec<String> = heads[0].0.clone();
    let n_heads = columns.len();
    // Cells of each item by column, in the order in which columns first appear.
    let mut cells: Vec<Vec<(String, Value)>> = Vec::new();
    // Lists inside items, by path: each with what says whose it is.
    let mut inner: Vec<(String, Vec<(usize, &Json)>)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut own = Vec::new();
        match item {
            Json::Object(_) => item_of("", item, at, &mut own, &mut inner, depth),
            Json::Array(values) if values.iter().all(is_plain) => {
                let numbered = values.iter().enumerate();
                own.extend(numbered.map(|(i, v)| (format!("{last}_{}", i + 1), plain(v))));
            }
            Json::Array(_) => {}
            value => own.push((last.to_owned(), plain(value))),
        }
        for (name, _) in &own {
            if !columns[n_heads..].contains(name) {
                columns.push(name.clone());
            }
        }
        cells.push(own);
    }
    let made = cells.iter().zip(heads).map(|(own, head)| {
        let find = |name: &String| {
            let found = own.iter().find(|(known, _)| known == name);
            found.map_or(Value::Missing, |(_, value)| value.clone())
        };
        head.1.iter().cloned().chain(columns[n_heads..].iter().map(find)).collect()
    });
    let made: Vec<Vec<Value>> = made.collect();
    if columns.len() > n_heads {
        lists.push(named(path, columns, made));
    }
    for (key, found) in inner {
        let path = path_to(path, &key);
        let (mut items, mut owners) = (Vec::new(), Vec::new());
        let mut sides: Vec<Table> = Vec::new();
        for (at, json) in found {
            // Whose it is: what stands before the item, and the item's first value or its number.
            let (mut names, mut values) = heads[at].clone();
            let number = || ("number".to_owned(), Value::Number(at as f64 + 1.0));
            let (name, value) = cells[at].first().cloned().unwrap_or_else(number);
            names.push(format!("{last}_{name}"));
            values.push(value);
            if let Json::Array(list) = json {
                items.extend(list);
                owners.extend(list.iter().map(|_| (names.clone(), values.clone())));
            } else if let Json::Object(fields) = json {
                let mut table = beside(&path, &names, &values, &columns_of(fields));
                match sides.iter_mut().find(|side| side.columns == table.columns) {
                    Some(side) => side.rows.append(&mut table.rows),
                    None => sides.push(table),
                }
            }
        }
        lists.append(&mut sides);
        rows(&path, &items, &owners, lists, depth + 1);
    }
}

/// Most numbers of a list that stand in one cell.
const IN_CELL_MAX: usize = 12;

/// Takes one item apart: values to its cells, lists to `inner`.
fn item_of<'j>(
    path: &str,
    json: &'j Json,
    at: usize,
    own: &mut Vec<(String, Value)>,
    inner: &mut Vec<(String, Vec<(usize, &'j Json)>)>,
    depth: usize,
) {
    let Json::Object(fields) = json else { return };
    if depth > DEPTH_MAX {
        return;
    }
    let mut keep = |key: String, json: &'j Json| match inner.iter_mut().find(|(k, _)| *k == key) {
        Some((_, found)) => found.push((at, json)),
        None => inner.push((key, vec![(at, json)])),
    };
    let side = columns_of(fields);
    if !side.is_empty() {
        keep(if path.is_empty() { "series".to_owned() } else { path.to_owned() }, json);
    }
    let mut objects = Vec::new();
    for (key, value) in fields {
        let name = path_to(path, key);
        match value {
            Json::Array(items) if items.is_empty() => {}
            Json::Array(_) if side.iter().any(|(known, _)| *known == key) => {}
            Json::Array(items) => {
                let texts = items.iter().all(Json::is_string);
                if items.iter().all(is_plain) && (texts || items.len() <= IN_CELL_MAX) {
                    let shown =
                        |item: &Json| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                    let cell: Vec<String> = items.iter().map(shown).collect();
                    own.push((name.replace('.', "_"), cell.join("; ").into()));
                } else {
                    keep(name, value);
                }
            }
            Json::Object(_) => objects.push((name, value)),
            value => own.push((name.replace('.', "_"), plain(value))),
        }
    }
    for (name, value) in objects {
        item_of(&name, value, at, own, inner, depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(json: &str) -> Vec<(String, String)> {
        let json = serde_json::from_str(json).unwrap();
        tables(&json).iter().map(|table| (table.name.clone(), table.csv())).collect()
    }

    #[test]
    fn lists_are_tables_and_what_stands_alone_is_one() {
        let found = csv(r#"{"name": "x", "of": {"days_d": 0.25, "yes": true, "none": null},
                "rows": [{"id": "a", "spread": {"p05": 1}}, {"id": "b", "note": "n", "of": ["u", "v"]}],
                "notes": ["one", "two, three"], "path": [[1, 2], [3, 4]], "empty": []}"#);
        let wanted = [
            ("answer", "field,value\nname,x\nof.days_d,0.25\nof.yes,yes\nof.none,\n"),
            ("rows", "id,spread_p05,note,of\na,1,,\nb,,n,\"u; v\"\n"),
            ("notes", "notes\none\n\"two, three\"\n"),
            ("path", "path_1,path_2\n1,2\n3,4\n"),
        ];
        let wanted = wanted.map(|(name, csv)| (name.to_owned(), csv.to_owned()));
        assert_eq!(found, wanted);
    }

    #[test]
    fn rows_inside_rows_say_whose_they_are() {
        let found = csv(r#"{"plans": [
                {"km": 330, "burns": [{"d": 1, "parts": [{"kg": 5}]}, {"d": 2, "parts": []}]},
                {"km": 220, "burns": [{"d": 3, "parts": [{"kg": 6}, {"kg": 7}]}]}]}"#);
        let wanted = [
            ("plans", "km\n330\n220\n"),
            ("plans-burns", "plans_km,d\n330,1\n330,2\n220,3\n"),
            ("plans-burns-parts", "plans_km,burns_d,kg\n330,1,5\n220,3,6\n220,3,7\n"),
        ];
        let wanted = wanted.map(|(name, csv)| (name.to_owned(), csv.to_owned()));
        assert_eq!(&found[1..], wanted);
    }

    #[test]
    fn lists_of_one_length_are_columns() {
        let found = csv(r#"{"curve": {"mjd": [1, 2], "km": [9.5, null], "unit": "km"},
                "fans": [{"id": "a", "t": [1, 2], "x": [3, 4]}, {"id": "b", "t": [5, 6], "x": [7, 8]}],
                "seed": 18446744073709551615}"#);
        let wanted = [
            ("answer", "field,value\ncurve.unit,km\nseed,18446744073709551615\n"),
            ("curve", "mjd,km\n1,9.5\n2,\n"),
            ("fans", "id\na\nb\n"),
            ("fans-series", "fans_id,t,x\na,1,3\na,2,4\nb,5,7\nb,6,8\n"),
        ];
        let wanted = wanted.map(|(name, csv)| (name.to_owned(), csv.to_owned()));
        assert_eq!(found, wanted);
    }
}
