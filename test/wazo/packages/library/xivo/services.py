"""The services that only serve what their plugins bring, as data: ports, groups and keys of wazo-contracts, 2.1 and 2.4."""

from .daemon import Spec

BUS = ('bus_consumer', 'bus_publisher')
TOKENS = ('next_token_changed_subscribe', 'token_changed_subscribe')

AMID = Spec(
    'wazo-amid', 9491, '1.0', 'wazo-amid', {'wazo_amid.plugins': 'enabled_plugins'}, ('ajam_client',)
)
AGENTD = Spec(
    'wazo-agentd', 9493, '1.0', 'wazo-agentd',
    {'wazo_agentd.plugins': 'enabled_plugins'}, BUS + TOKENS + ('ami', 'auth', 'service_proxy'),
)
CALLD = Spec(
    'wazo-calld', 9500, '1.0', 'www-data',
    {'wazo_calld.plugins': 'enabled_plugins'}, BUS + TOKENS + ('ari', 'asyncio', 'collectd', 'pubsub'),
)
CALL_LOGD = Spec(
    'wazo-call-logd', 9298, '1.0', 'wazo-call-logd',
    {'wazo_call_logd.plugins': 'enabled_plugins'}, BUS + ('dao', 'token_renewer'),
)
CHATD = Spec(
    'wazo-chatd', 9304, '1.0', 'wazo-chatd',
    {'wazo_chatd.plugins': 'enabled_plugins'}, BUS + TOKENS + ('aio', 'dao', 'hooks', 'thread_manager'),
)
CONFD = Spec(
    'wazo-confd', 9486, '1.1', 'www-data',
    {'wazo_confd.plugins': 'enabled_plugins'},
    BUS + ('auth_client', 'middleware_handle', 'pjsip_doc', 'token_changed_subscribe'),
)
PHONED = Spec(
    'wazo-phoned', 9498, '0.1', 'www-data',
    {'wazo_phoned.plugins': 'enabled_plugins'}, ('app', 'bus_consumer', 'phone_plugins', 'token_changed_subscribe'),
)
WEBHOOKD = Spec(
    'wazo-webhookd', 9300, '1.0', 'wazo-webhookd',
    {'wazo_webhookd.services': 'enabled_services', 'wazo_webhookd.plugins': 'enabled_plugins'},
    BUS + ('auth_client', 'next_token_change_subscribe', 'service_manager', 'token_change_subscribe'),
    described=('wazo_webhookd.plugins',),
)
