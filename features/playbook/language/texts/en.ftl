# What is wrong with the text of a playbook: shown at its line.
playbook-text_too_long = The text is longer than { $word } KB. Split the playbook or take out what is not needed
playbook-too_many_rules = There are more than { $word } rules. Join those that are alike
playbook-rule_without_name = Name the rule: after the word rule there must be a name of small Latin letters, digits and dashes
playbook-rule_name_taken = There is a rule “{ $word }” above already. Give this one another name
playbook-rule_unreadable = The rule cannot be read: { $word }
playbook-hears_nothing = The rule “{ $word }” waits for nothing: name at least one event in when
playbook-fact_unknown = The event “{ $word }” is unknown.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-fact_twice = The event “{ $word }” stands in when twice
playbook-too_many_conditions = The rule “{ $word }” has more than 20 conditions. Split it
playbook-condition_too_deep = Expressions stand within each other more than { $word } deep. Split the condition into several
playbook-condition_too_long = The condition is longer than { $word } characters. Split it into several
playbook-condition_unreadable = The condition cannot be read: { $word }
playbook-field_unknown = The field “{ $word }” is unknown.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-not_yes_or_no = The condition gives “{ $word }” where it must give yes or no
playbook-condition_senseless = This cannot be compared: { $word }
playbook-does_nothing = The rule “{ $word }” must do between one and 20 things
playbook-act_without_do = The rule “{ $word }” does not say what to do: add do
playbook-action_unknown = The action “{ $word }” is unknown.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-argument_missing = The value “{ $word }” is missing
playbook-argument_unknown = The value “{ $word }” is not needed here.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-argument_not_bool = This must be true or false, not “{ $word }”
playbook-argument_not_number = This must be a whole number, not “{ $word }”
playbook-argument_not_word = “{ $word }” does not fit here.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-argument_not_time = This must be a time such as 15 min, 2 h or 1 d, at most 366 d, not “{ $word }”
playbook-before_unknown = It is unknown before what this is to be ticked: “{ $word }”. There are: confirm, ready, ship, cancel.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-step_without_words = After **before …:** write what has to be done
playbook-step_too_long = The item is longer than { $word } characters. Shorten it: it is shown with every refusal

# States that last
playbook-only_where_it_lasts = until, calendar and after make sense only in a rule about what lasts: add while or from, and for
playbook-when_and_while = The rule “{ $word }” waits for an event and for a state. Keep when with if, or while with for
playbook-no_duration = The rule “{ $word }” has no duration: add for, such as for = "30 min"
playbook-never_ends = The state in the rule “{ $word }” never ends: add while or until
playbook-state_never_changes = No event changes what the rule “{ $word }” asks: add from or another condition
playbook-no_fact_while_it_lasts = While a state lasts there is no event: “{ $word }” cannot be asked
playbook-argument_not_ladder = Here must be a ladder of up to five roles, each once, 366 d in all at most: [{"{"} after = "15 min", role = "manager" {"}"}], not “{ $word }”
playbook-nobody_may = The role “{ $word }” may not do this. These may: { $meant }
playbook-calendar_unknown = The company has no calendar “{ $word }”.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-word_unreachable = The value “{ $word }” never occurs in this company: the condition never holds.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-circle = The rules wake each other for ever: { $word }. Add a condition that stops them
playbook-circle_perhaps = The rules may wake each other in a circle: { $word }. See that their conditions stop them
playbook-outlives_orders = The rule “{ $word }” may go on to last when the order is complete or cancelled. Add the condition order.in_work
playbook-too_many_facts = The rule “{ $word }” waits for more than 40 events. Split it
playbook-needs_an_order = “{ $word }” needs an order, and this event is about none. Take it out, or wait for an event of an order
playbook-finds_nothing = “{ $word }” finds nothing here: this event is about no order. Close the task in after of the rule that opens it
playbook-divided_by_nothing = Divided by zero
playbook-number_too_large = The number is larger than can be counted with
