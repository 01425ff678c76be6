//! By how much a condition failed: the comparison in it that did not hold, with both its sides.

use std::sync::{Arc, OnceLock};

use cel::{
    Context, Env,
    common::{
        ast::{Expr, IdedExpr, operators},
        value::CowVal,
    },
    context::VariableResolver,
};

use crate::value::Value;

type Look<'l> = dyn Fn(&str) -> Option<Value> + Send + Sync + 'l;

/// `left operator right` did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub left: Value,
    pub operator: &'static str,
    pub right: Value,
}

impl Gap {
    /// How far the two numbers are from each other; nothing when they are none.
    pub fn by(&self) -> Option<u64> {
        match (&self.left, &self.right) {
            (Value::Int(left), Value::Int(right)) => Some(left.abs_diff(*right)),
            _ => None,
        }
    }
}

struct Names<'l>(&'l Look<'l>);

impl VariableResolver for Names<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        (self.0)(variable).map(Value::into_cel)
    }
}

fn environment() -> Arc<Env> {
    static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
    Arc::clone(ENVIRONMENT.get_or_init(|| Arc::new(Env::stdlib())))
}

/// The comparison because of which a condition is false; `None` when it holds, or when no single comparison
/// is to blame.
pub fn gap(condition: &str, look: &Look<'_>) -> Option<Gap> {
    let program = environment().compile(condition).ok()?;
    let names = Names(look);
    let mut context = Context::with_env(environment());
    context.set_variable_resolver(&names);
    to_blame(program.expression(), &context)
}

fn to_blame(expression: &IdedExpr, context: &Context<'_, '_>) -> Option<Gap> {
    let Expr::Call(call) = &expression.expr else { return None };
    if value(expression, context)? != Value::Bool(false) {
        return None;
    }
    let operator = match call.func_name.as_str() {
        operators::LOGICAL_AND | operators::LOGICAL_OR => {
            return call.args.iter().find_map(|part| to_blame(part, context));
        }
        operators::EQUALS => "==",
        operators::NOT_EQUALS => "!=",
        operators::LESS => "<",
        operators::LESS_EQUALS => "<=",
        operators::GREATER => ">",
        operators::GREATER_EQUALS => ">=",
        _ => return None,
    };
    let side = |place: usize| value(call.args.get(place)?, context);
    Some(Gap { left: side(0)?, operator, right: side(1)? })
}

fn value(expression: &IdedExpr, context: &Context<'_, '_>) -> Option<Value> {
    Value::from_cel(&cel::Value::resolve(expression, context).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comparison_that_did_not_hold_is_named_with_both_sides() {
        let look = |name: &str| match name {
            "order.total" => Some(Value::Int(60_000)),
            "order.left" => Some(Value::Bool(false)),
            "order.terms" => Some(Value::Text("credit".to_owned())),
            _ => None,
        };
        for (condition, expected) in [
            ("order.total >= 100000", Some(("60000 >= 100000", Some(40_000)))),
            ("!order.left && order.total > 60000", Some(("60000 > 60000", Some(0)))),
            ("order.total < 10 || order.total > 70000", Some(("60000 < 10", Some(59_990)))),
            ("order.terms == 'prepaid'", Some(("credit == prepaid", None))),
            ("order.total * 2 <= 100000", Some(("120000 <= 100000", Some(20_000)))),
            ("order.total >= 60000", None),
            ("order.left", None),
            ("order.unknown > 3", None),
        ] {
            let found = gap(condition, &look);
            let told = found.map(|gap| (format!("{} {} {}", gap.left, gap.operator, gap.right), gap.by()));
            assert_eq!(told, expected.map(|(text, by)| (text.to_owned(), by)), "{condition}");
        }
    }
}
