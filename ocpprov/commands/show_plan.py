"""`plan`: what apply would do."""

from __future__ import annotations

from ocpprov.aws.recorded_reads import remembering
from ocpprov.commands.bootstrap_removal import removal_warnings
from ocpprov.commands.comparison import compared, shown
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.flow_notes import flow_notes
from ocpprov.commands.guards import guard_cluster, guard_problems, protection_notes
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.no_echo import without_secrets
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import with_endpoint_users, with_notes
from ocpprov.commands.saved_plans import save
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.suggestion import command_line, file_word
from ocpprov.ui.plan_document import plan_document
from ocpprov.ui.unproven_claims import unproven_lines


def show_plan(options: Options, terminal: Terminal, connector: Connector = connect) -> ExitCode:
    """The `plan` command."""
    options = with_last_applied(options, terminal.say)
    with compared(options, terminal, connector) as (plan, seen, connection):
        guard_cluster(seen, plan.cluster)
        guard_problems(seen)
        flows = flow_notes(plan, seen, remembering(connection.reader))
        notes = [*flows, *protection_notes(seen), *removal_warnings(seen, plan, connection.reader)]
        planned = with_notes(with_endpoint_users(seen, connection), notes)
    left = list(planned.excluded.resources)
    if options.out:
        save(options.out, planned.actions, terminal.secrets, options)
        terminal.say(f"saved: `{command_line('ocpprov', 'apply', file_word(options.out))}` does just this")
    if options.as_json:
        terminal.result_json(
            {
                **plan_document(without_secrets(planned.actions, terminal.secrets), terminal.command),
                **({"leftOut": left} if left else {}),
            }
        )
    else:
        terminal.result(shown(planned, options, terminal))
        terminal.say_lines(unproven_lines(planned.actions, terminal.command))
        terminal.say_lines([f"left out: {', '.join(left)}; apply says what somebody else has to make"] if left else [])
    changes = bool(planned.actions.changes)
    return ExitCode.REFUSED if options.detailed_exitcode and changes else ExitCode.DONE
