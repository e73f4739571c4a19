"""The columns of text that tell of no citizen: ids, codes, states, configuration, machines.

A column stands here or in `inventory.HELD`; a test wants each in exactly one of them.
"""

from collections.abc import Mapping

PLAIN: Mapping[str, str] = {
    "api_token": "id name hash scopes office_id",
    "appointment": (
        "id code uid office_id state pool availability seats language origin ticket_id"
    ),
    "appointment_block": "id office_id desks actor",
    "appointment_calendar": "office_id",
    "appointment_event": "id appointment_id kind actor",
    "appointment_seat": "office_id seat appointment_id",
    "appointment_service": "appointment_id service_id",
    "appointment_wish": "id office_id state services language appointment_id",
    "assistance": "id call_id staff_id ended_how screen language",
    "audit_entry": "action office_id previous hash",
    "audit_head": "hash",
    "availability": "id office_id code name services hours desks seat_group pool exceptions",
    "cash_movement": "id session_id kind payment_id refund_id actor",
    "cash_session": "id office_id point_of_sale staff_id currency state count approver_id",
    "certificate": "id code kind office_id payment_id language names issued_by revoked_by",
    "debt_report": "id key payment_id connector currency receipt method state",
    "configuration_change": "id office entries undoes_id",
    "desk": "id office_id code name status",
    "desk_event": "id office_id desk_id status actor",
    "desk_loan": "id office_id desk_id before lent actor",
    "desk_service": "desk_id service_id",
    "device": (
        "id code kind name office_id token_hash technician_hash settings version commands instance"
    ),
    "device_alert": "id subject_id kind code name office_id slug message params",
    "device_enrolment": "id kind code_hash secret_hash device_id version",
    "feedback": "office_id dimension member",
    "feedback_comment": "id office_id",
    "hall_message": "id office_id actor ended_by",
    "help_call": (
        "id office_id kiosk device_id label screen service_id language taken_by ended_how"
    ),
    "idempotency_key": "caller key fingerprint",
    "municipality": (
        "name timezone locale languages currency colour logo rules notices payments texts sign_in"
    ),
    "notice": "id kind channel subject_id office_id language message_id state claimed_by",
    "office": "id code name address timezone hours holidays closures rules texts hall",
    "office_sequence": "office_id",
    "office_service": "office_id service_id place",
    "payment": (
        "id idempotency_key fingerprint office_id currency method state provider "
        "provider_reference provider_detail qr_data terminal voucher errand_kind "
        "origin device point_of_sale language approved_by"
    ),
    "payment_difference": (
        "id reconciliation_id kind payment_id provider_reference ours_state theirs_state"
    ),
    "payment_event": "id payment_id kind state actor",
    "payment_item": "id payment_id service_id",
    "payment_reconciliation": "id provider",
    "payment_refund": "id payment_id idempotency_key actor state provider_reference detail",
    "print_job": "id printer_id kind subject_id state claimed_by last_error",
    "print_job_event": "id print_job_id kind actor",
    "printer": "id code name uri profile office_id device_id state paper last_error",
    "priority": "id code name description icon",
    "receipt": (
        "id kind point_of_sale code office_id payment_id refund_id original_id "
        "currency language issued_by"
    ),
    "receipt_counter": "point_of_sale kind",
    "scheduler_lease": "holder",
    "service": (
        "id code prefix name category description requirements place icon channel "
        "external_code links"
    ),
    "service_category": "id code name icon",
    "service_pause": "id office_id service_id actor ended_by",
    "staff": "id",
    "staff_backup_code": "staff_id",
    "staff_role": "id staff_id role office_id",
    "staff_session": "id staff_id way",
    "statistic_day": "office_id kind",
    "statistic_desk": "office_id desk office",
    "statistic_hour": "office_id service priority origin office",
    "statistic_progress": "office_id",
    "survey_answer": "office_id question answer",
    "ticket": (
        "id office_id prefix service_id priority_id state origin language desk_id "
        "for_desk_id outcome"
    ),
    "ticket_counter": "office_id prefix",
    "ticket_event": "id office_id ticket_id kind actor desk_id",
    "webhook": "id description events office_id",
    "webhook_delivery": "id webhook_id event state",
    "ticket_service": "ticket_id service_id",
}
