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
playbook-argument_not_time = This must be a time such as 15 min, 2 h or 1 d, not “{ $word }”
playbook-before_unknown = It is unknown before what this is to be ticked: “{ $word }”. There are: confirm, ready, ship, cancel.{ $meant ->
    [none] {""}
   *[other] {" "}Did you mean “{ $meant }”?
}
playbook-step_without_words = After **before …:** write what has to be done
playbook-step_too_long = The item is longer than { $word } characters. Shorten it: it is shown with every refusal
