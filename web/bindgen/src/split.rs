//! Splits a module in two that share memory and table: what a page needs first, and what it can wait
//! for.
//!
//! ```text
//! the whole ──┬─► the first: every export; the deferred ones call through places of the table that
//!             │              are empty until the rest is there
//!             └─► the rest:  the functions that only deferred exports reach, put into these places
//! ```
//!
//! Nothing is duplicated: the rest imports the functions, the memory, the table and the globals of the
//! first under [`FIRST`]. Which function belongs to the first is read off the calls; whatever stands in
//! the table belongs to it, because who calls through the table cannot be told. So only a deferred export
//! can meet an empty place, and that traps.

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::Value;
use walrus::passes::gc;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportId, ExportItem, FunctionBuilder, FunctionId,
    FunctionKind, GlobalKind, ImportKind, ImportedFunction, LocalFunction, Module, ModuleConfig,
    TableId,
};

/// The name under which the rest imports what it needs of the first.
const FIRST: &str = "first";

/// The first module and the rest.
pub(crate) struct Split {
    pub(crate) first: Vec<u8>,
    pub(crate) rest: Vec<u8>,
}

/// Splits `wasm`, a module that wasm-bindgen has written; `deferred` are names of exports.
pub(crate) fn split(wasm: &[u8], deferred: &[String]) -> Result<Split, String> {
    // Equal bytes give equal numbers: what is known by its number in one is that in the other.
    let (mut first, mut rest) = (read(wasm)?, read(wasm)?);
    let table = only_table(&first)?;
    let base = first.tables.get(table).initial;
    let places = defer(&mut first, table, deferred)?;
    let kept = reached(wasm, deferred)?;
    let wanted = leave_rest(&mut rest, base, &places, &kept)?;
    for (name, what) in wanted {
        let item = match what {
            ImportKind::Function(_) => ExportItem::Function(numbered(&first, number(&name))?),
            ImportKind::Global(_) => {
                let found = first.globals.iter().find(|one| one.id().index() == number(&name));
                found.ok_or_else(|| format!("there is no global {name}"))?.id().into()
            }
            ImportKind::Table(_) => table.into(),
            ImportKind::Memory(_) => first.get_memory_id().map_err(text)?.into(),
            ImportKind::Tag(_) => return Err("tags are not understood".to_owned()),
        };
        first.exports.add(&name, item);
    }
    gc::run(&mut first);
    Ok(Split { first: first.emit_wasm(), rest: rest.emit_wasm() })
}

fn read(wasm: &[u8]) -> Result<Module, String> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    config.parse(wasm).map_err(text)
}

fn text(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

fn number(name: &str) -> usize {
    name.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(usize::MAX)
}

fn numbered(module: &Module, number: usize) -> Result<FunctionId, String> {
    let found = module.funcs.iter().find(|function| function.id().index() == number);
    found.map(walrus::Function::id).ok_or_else(|| format!("there is no function {number}"))
}

/// The table of functions.
fn only_table(module: &Module) -> Result<TableId, String> {
    let found = module.tables.main_function_table().map_err(text)?;
    found.ok_or_else(|| "there is no table of functions".to_owned())
}

/// The numbers of the functions that are reached without the deferred exports.
fn reached(wasm: &[u8], deferred: &[String]) -> Result<BTreeSet<usize>, String> {
    let mut module = read(wasm)?;
    for name in deferred {
        module.exports.remove(name).map_err(text)?;
    }
    gc::run(&mut module);
    Ok(module.funcs.iter().map(|function| function.id().index()).collect())
}

/// Puts a call through the table in the place of each deferred export; answers the numbers of the
/// functions to be put into these places.
fn defer(module: &mut Module, table: TableId, deferred: &[String]) -> Result<Vec<usize>, String> {
    let mut functions = Vec::with_capacity(deferred.len());
    for name in deferred {
        let found = module.exports.iter().find(|export| export.name == *name);
        let found = found.map(|export| (export.id(), export.item));
        let Some((export, ExportItem::Function(function))) = found else {
            return Err(format!("the module exports no function {name}"));
        };
        let place = module.tables.get(table).initial;
        replace(module, export, function, table, place)?;
        functions.push(function.index());
        let table = module.tables.get_mut(table);
        table.initial = place + 1;
        table.maximum = table.maximum.map(|most| most.max(place + 1));
    }
    Ok(functions)
}

fn replace(
    module: &mut Module,
    export: ExportId,
    function: FunctionId,
    table: TableId,
    place: u64,
) -> Result<(), String> {
    let ty = module.funcs.get(function).ty();
    let (parameters, results) = module.types.params_results(ty);
    let (parameters, results) = (parameters.to_vec(), results.to_vec());
    let locals: Vec<_> = parameters.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
    let mut body = builder.func_body();
    for local in &locals {
        body.local_get(*local);
    }
    let place = i32::try_from(place).map_err(text)?;
    body.const_(Value::I32(place)).call_indirect(ty, table);
    let stub: LocalFunction = builder.local_func(locals);
    module.exports.get_mut(export).item = module.funcs.add_local(stub).into();
    Ok(())
}

/// Leaves in `module` what the first does not have; answers what that needs of the first, by the names
/// it imports it under.
fn leave_rest(
    module: &mut Module,
    base: u64,
    places: &[usize],
    kept: &BTreeSet<usize>,
) -> Result<BTreeMap<String, ImportKind>, String> {
    let exports: Vec<ExportId> = module.exports.iter().map(walrus::Export::id).collect();
    for id in exports {
        module.exports.delete(id);
    }
    module.start = None;
    let data: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in data {
        module.data.delete(id);
    }
    for memory in module.memories.iter_mut() {
        memory.data_segments.clear();
    }
    let elements: Vec<_> = module.elements.iter().map(walrus::Element::id).collect();
    for id in elements {
        module.elements.delete(id);
    }
    for table in module.tables.iter_mut() {
        table.elem_segments.clear();
    }

    // What only the deferred reach is left; all else is the first's.
    let imports: Vec<_> = module.imports.iter().map(walrus::Import::id).collect();
    for id in imports {
        module.imports.delete(id);
    }
    let theirs = |function: &&walrus::Function| {
        kept.contains(&function.id().index()) || matches!(function.kind, FunctionKind::Import(_))
    };
    let ids: Vec<FunctionId> =
        module.funcs.iter().filter(theirs).map(walrus::Function::id).collect();
    for id in ids {
        let import = module.imports.add(FIRST, &format!("f{}", id.index()), id);
        let function = module.funcs.get_mut(id);
        function.kind = FunctionKind::Import(ImportedFunction { import, ty: function.ty() });
    }
    for memory in module.memories.iter_mut() {
        memory.import = Some(module.imports.add(FIRST, "memory", memory.id()));
    }
    let globals: Vec<_> = module.globals.iter().map(walrus::Global::id).collect();
    for id in globals {
        let import = module.imports.add(FIRST, &format!("g{}", id.index()), id);
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    let table = only_table(module)?;
    let size = base + places.len() as u64;
    let import = module.imports.add(FIRST, "t", table);
    {
        let table = module.tables.get_mut(table);
        table.import = Some(import);
        (table.initial, table.maximum) = (size, table.maximum.map(|most| most.max(size)));
    }
    let functions: Result<Vec<FunctionId>, String> =
        places.iter().map(|place| numbered(module, *place)).collect();
    let offset = ConstExpr::Value(Value::I32(i32::try_from(base).map_err(text)?));
    let element = module
        .elements
        .add(ElementKind::Active { table, offset }, ElementItems::Functions(functions?));
    module.tables.get_mut(table).elem_segments.insert(element);
    gc::run(module);
    Ok(module
        .imports
        .iter()
        // The first exports its memory already.
        .filter(|import| import.name != "memory")
        .map(|import| (import.name.clone(), import.kind.clone()))
        .collect())
}
