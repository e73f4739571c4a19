"""What a member of staff may do, and which role allows it: the one table of it.

A route declares `@access("can:PERMISSION")`; a role is granted for one office or for all.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from turnero_core.i18n import N_


class Role(StrEnum):
    ATTENDANT = "attendant"
    CASHIER = "cashier"
    RECEPTIONIST = "receptionist"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """Named `thing.verb`. What is said of an office holds in the offices of the grant."""

    DESK_ATTEND = "desk.attend"
    TICKETS_ISSUE = "tickets.issue"
    HELP_ANSWER = "help.answer"
    OFFICE_SUPERVISE = "office.supervise"
    APPOINTMENTS_MANAGE = "appointments.manage"
    SCHEDULES_EDIT = "schedules.edit"
    CASH_OPERATE = "cash.operate"
    CASH_APPROVE = "cash.approve"
    PAYMENTS_VIEW = "payments.view"
    PAYMENTS_REFUND = "payments.refund"
    CERTIFICATES_REVOKE = "certificates.revoke"
    DEVICES_VIEW = "devices.view"
    DEVICES_MANAGE = "devices.manage"
    STATISTICS_VIEW = "statistics.view"
    OFFICE_CONFIGURE = "office.configure"
    CONFIGURATION_EDIT = "configuration.edit"
    STAFF_MANAGE = "staff.manage"
    AUDIT_VIEW = "audit.view"
    PERSONAL_DATA_ERASE = "personal_data.erase"


_AT_A_DESK = frozenset({Permission.DESK_ATTEND, Permission.TICKETS_ISSUE, Permission.HELP_ANSWER})
_SUPERVISION = _AT_A_DESK | {
    Permission.OFFICE_SUPERVISE,
    Permission.APPOINTMENTS_MANAGE,
    Permission.SCHEDULES_EDIT,
    Permission.CASH_APPROVE,
    Permission.PAYMENTS_VIEW,
    Permission.PAYMENTS_REFUND,
    Permission.DEVICES_VIEW,
    Permission.DEVICES_MANAGE,
    Permission.STATISTICS_VIEW,
    Permission.OFFICE_CONFIGURE,
}

ALLOWED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ATTENDANT: _AT_A_DESK,
        Role.CASHIER: _AT_A_DESK | {Permission.CASH_OPERATE, Permission.PAYMENTS_VIEW},
        Role.RECEPTIONIST: frozenset(
            {
                Permission.TICKETS_ISSUE,
                Permission.HELP_ANSWER,
                Permission.APPOINTMENTS_MANAGE,
            }
        ),
        Role.SUPERVISOR: _SUPERVISION,
        Role.ADMINISTRATOR: frozenset(Permission) - {Permission.CASH_OPERATE},
        Role.AUDITOR: frozenset(
            {
                Permission.AUDIT_VIEW,
                Permission.STATISTICS_VIEW,
                Permission.PAYMENTS_VIEW,
                Permission.DEVICES_VIEW,
            }
        ),
    }
)

ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ATTENDANT: N_("Attendant"),
        Role.CASHIER: N_("Cashier"),
        Role.RECEPTIONIST: N_("Receptionist"),
        Role.SUPERVISOR: N_("Supervisor"),
        Role.ADMINISTRATOR: N_("Administrator"),
        Role.AUDITOR: N_("Auditor"),
    }
)
PERMISSION_NAMES: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.DESK_ATTEND: N_("Attend people at a desk"),
        Permission.TICKETS_ISSUE: N_("Give turns"),
        Permission.HELP_ANSWER: N_("Answer calls for help"),
        Permission.OFFICE_SUPERVISE: N_("Supervise the office"),
        Permission.APPOINTMENTS_MANAGE: N_("Manage appointments"),
        Permission.SCHEDULES_EDIT: N_("Edit schedules"),
        Permission.CASH_OPERATE: N_("Take money at a till"),
        Permission.CASH_APPROVE: N_("Approve cash closings"),
        Permission.PAYMENTS_VIEW: N_("See payments"),
        Permission.PAYMENTS_REFUND: N_("Give money back"),
        Permission.CERTIFICATES_REVOKE: N_("Revoke certificates"),
        Permission.DEVICES_VIEW: N_("See devices"),
        Permission.DEVICES_MANAGE: N_("Manage devices"),
        Permission.STATISTICS_VIEW: N_("See statistics"),
        Permission.OFFICE_CONFIGURE: N_("Configure an office and what it offers"),
        Permission.CONFIGURATION_EDIT: N_("Edit the configuration"),
        Permission.STAFF_MANAGE: N_("Manage staff"),
        Permission.AUDIT_VIEW: N_("Read the audit log"),
        Permission.PERSONAL_DATA_ERASE: N_("Erase a person's data"),
    }
)
