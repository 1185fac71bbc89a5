"""The door of identity: who acts, for whom, with which grants; people and entities; sealing of personal data."""

from yimen.foundation.identity.actors import actor_of
from yimen.foundation.identity.grants import declare_grants, declared_grants, undeclared
from yimen.foundation.identity.models import Account, LegalEntity, Person, Representation, Role, RoleGrant
from yimen.foundation.identity.numbers import (
    birth_date,
    check_id_number,
    check_person_name,
    check_phone,
    check_uscc,
    sex,
)
from yimen.foundation.identity.queries import (
    account_named,
    entity_with_uscc,
    holders_of_post,
    people_named,
    people_with_phone,
    person_with_id,
    person_with_number,
    place_of,
    roles_with_grant,
)
from yimen.foundation.identity.sealing import (
    SealBroken,
    keyed_hash,
    masked_name,
    seal,
    seal_json,
    seal_text,
    unseal,
    unseal_json,
    unseal_text,
)
from yimen.foundation.identity.services.accounts import (
    assign_post,
    create_account,
    end_post,
    lock_account,
    sign_up_resident,
    unlock_account,
)
from yimen.foundation.identity.services.delegation import grant_role, revoke_role_grant
from yimen.foundation.identity.services.journal import ACTS as ADMINISTRATIVE_ACTS
from yimen.foundation.identity.services.people import (
    find_or_register_entity,
    find_or_register_person,
    update_entity,
)
from yimen.foundation.identity.services.representations import (
    grant_representation,
    may_represent,
    revoke_representation,
)
from yimen.foundation.identity.services.roles import save_role
from yimen.foundation.identity.services.seeding import seed_roles
from yimen.foundation.identity.services.tokens import (
    actor_of_bearer,
    create_client,
    issue_token,
)

__all__ = [
    "ADMINISTRATIVE_ACTS",
    "Account",
    "LegalEntity",
    "Person",
    "Representation",
    "Role",
    "RoleGrant",
    "SealBroken",
    "account_named",
    "actor_of",
    "actor_of_bearer",
    "assign_post",
    "birth_date",
    "check_id_number",
    "check_person_name",
    "check_phone",
    "check_uscc",
    "create_account",
    "create_client",
    "declare_grants",
    "declared_grants",
    "end_post",
    "entity_with_uscc",
    "find_or_register_entity",
    "find_or_register_person",
    "grant_representation",
    "grant_role",
    "holders_of_post",
    "issue_token",
    "keyed_hash",
    "lock_account",
    "masked_name",
    "may_represent",
    "people_named",
    "people_with_phone",
    "person_with_id",
    "person_with_number",
    "place_of",
    "revoke_representation",
    "revoke_role_grant",
    "roles_with_grant",
    "save_role",
    "seal",
    "seal_json",
    "seal_text",
    "seed_roles",
    "sex",
    "sign_up_resident",
    "undeclared",
    "unlock_account",
    "unseal",
    "unseal_json",
    "unseal_text",
    "update_entity",
]
